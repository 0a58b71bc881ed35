/* What the system says of this process: time, memory, files. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

struct strbuf;

/* Writes it under the names that all of Prometheus' clients use. What the system does not say is left out. */
void process_metrics_write(struct strbuf *out);

#endif
