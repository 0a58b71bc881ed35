/* Files that become part of the program. The Makefile rebuilds every object whose source has the word
   `.incbin` or EMBED in it when a file below sql/ or a page's file changes. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

/* Puts a file (its path from the checkout's top, as a string) into the object under a name. EMBED goes
   into a .c file outside of functions; the bytes are `name`, with a NUL behind them, up to `name_end`. */
#define EMBED(name, path) \
	__asm__(".pushsection .rodata\n" #name ":\n\t.incbin \"" path "\"\n" #name "_end:\n" \
	        "\t.byte 0\n\t.popsection\n"); \
	extern const char name[] __asm__(#name); \
	extern const char name##_end[] __asm__(#name "_end")

#endif
