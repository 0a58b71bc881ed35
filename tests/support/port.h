/* Ports for the servers that tests start. */
#ifndef SUPPORT_PORT_H
#define SUPPORT_PORT_H

/* A TCP port on which nothing listens and which no other test program of this machine is given before
   this one ends. Fails the test when there is none. */
int port_reserve(void);

#endif
