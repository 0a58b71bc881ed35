/* Reads what /proc says of this process. */
#include "base/process.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/metrics.h"
#include "base/strbuf.h"

/* Of /proc/self/stat; times in ticks of the clock, memory in pages. */
struct process_stat {
	unsigned long user, system;
	unsigned long long started; /* since the machine did */
	unsigned long virtual_bytes;
	long resident_pages;
	long threads;
};

static bool read_stat(struct process_stat *stat)
{
	char text[1024];
	FILE *file = fopen("/proc/self/stat", "re");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	const char *rest;

	if (file)
		fclose(file);
	text[length] = '\0';
	rest = strrchr(text, ')'); /* the name before it may have anything in it */
	return rest && sscanf(rest,
	                      ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d "
	                      "%*d %ld %*d %llu %lu %ld",
	                      &stat->user, &stat->system, &stat->threads, &stat->started,
	                      &stat->virtual_bytes, &stat->resident_pages) == 6;
}

/* When the machine started, in seconds since 1970; 0: not known. */
static long long read_boot_time(void)
{
	FILE *file = fopen("/proc/stat", "re");
	long long time = 0;
	char line[256];

	while (file && time == 0 && fgets(line, sizeof(line), file))
		(void)sscanf(line, "btime %lld", &time);
	if (file)
		fclose(file);
	return time;
}

static void write_sample(struct strbuf *out, const char *name, const char *kind, const char *help,
                         double value)
{
	metric_write_head(out, name, kind, help);
	strbuf_printf(out, "%s %.15g\n", name, value);
}

static void write_files(struct strbuf *out)
{
	DIR *files = opendir("/proc/self/fd");
	struct rlimit limit;
	int count = -3; /* `.`, `..` and the directory itself */

	while (files && readdir(files))
		count++;
	if (files) {
		closedir(files);
		write_sample(out, "process_open_fds", "gauge", "Open files", count);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		write_sample(out, "process_max_fds", "gauge", "Files that may be open",
		             (double)limit.rlim_cur);
}

void process_metrics_write(struct strbuf *out)
{
	double ticks = (double)sysconf(_SC_CLK_TCK);
	struct process_stat stat;

	if (read_stat(&stat)) {
		write_sample(out, "process_cpu_seconds_total", "counter", "Processor time",
		             (double)(stat.user + stat.system) / ticks);
		write_sample(out, "process_resident_memory_bytes", "gauge", "Memory in use",
		             (double)stat.resident_pages * (double)sysconf(_SC_PAGESIZE));
		write_sample(out, "process_virtual_memory_bytes", "gauge", "Address space",
		             (double)stat.virtual_bytes);
		write_sample(out, "process_threads", "gauge", "Threads", (double)stat.threads);
		write_sample(out, "process_start_time_seconds", "gauge",
		             "When the process began, since 1970",
		             (double)read_boot_time() + (double)stat.started / ticks);
	}
	write_files(out);
}
