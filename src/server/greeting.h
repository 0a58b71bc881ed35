/* What a client says first. The library waits for the end of a line, however long that takes, and closes what is no
   request without a word; a client that speaks TLS or HTTP/2 would wait, too. */
#ifndef GREETING_H
#define GREETING_H

enum greeting {
	GREETING_NONE,  /* too little to tell */
	GREETING_HTTP,  /* it may be a request of HTTP/1 */
	GREETING_OTHER, /* it is none */
	GREETING_GONE,  /* the client has closed, or its connection failed */
};

/* Looks at the first bytes of a connection, and leaves them there. Does not wait. */
enum greeting greeting_of(int fd);

/* Answers 400 and closes the connection. */
void greeting_refuse(int fd);

#endif
