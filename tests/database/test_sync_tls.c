/* An upstream over TLS is read only where its certificate is to be trusted, for its own name. */
#include <stdio.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/syncing.h"
#include "support/tls_upstream.h"

static void refused(const struct sync_settings *settings, const char *conninfo)
{
	struct sync_run run_of_it;

	sync_run_is(&run_of_it, settings, conninfo, PASS_UNREACHABLE);
	assert_non_null(strstr(run_of_it.error.text, "SSL"));
	assert_int_equal(sync_run_complaints(&run_of_it), 0);
	sync_run_fini(&run_of_it);
	test_sql_is(conninfo, "SELECT count(*) FROM spacecraft_flight", "0");
}

static void test_tls(void **state)
{
	struct tls_upstream upstream;
	char other[64];

	(void)state;
	if (!tls_upstream_start(&upstream))
		skip();
	snprintf(other, sizeof(other), "https://localhost:%d", upstream.port);
	mirror.settings.upstream.url = upstream.url;
	refused(&mirror.settings, mirror.database.conninfo);
	mirror.settings.upstream.ca_file = upstream.certificate;
	mirror.settings.upstream.url = other;
	refused(&mirror.settings, mirror.database.conninfo);
	mirror.settings.upstream.url = upstream.url;
	mirror_sync();
	mirror_sql_is("SELECT destination FROM spacecraft_flight", "over TLS");
	tls_upstream_stop(&upstream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tls, set_up_mirror, tear_down_mirror)};

	return RUN_TESTS("sync_tls", tests, NULL, NULL);
}
