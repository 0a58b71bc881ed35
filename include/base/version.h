/* The program's version, for --version, the Server and User-Agent headers and the documents. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define VERSION "0.1.0"

#endif
