/* The program's version, for --version, the Server and User-Agent headers and the documents. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define VERSION "0.1.0"
#define VERSION_DATE "2026-11-26" /* of its entry in CHANGELOG.md */

#endif
