/* What is wrong with values of filters and searches, in the words of the original's framework. */
#ifndef FILTER_ERROR_H
#define FILTER_ERROR_H

#define QUERY_NOT_A_CHOICE "Select a valid choice. That choice is not one of the available choices."
#define QUERY_NULL_CHARACTERS "Null characters are not allowed."
#define QUERY_BAD_NUMBER "Enter a number."
#define QUERY_BAD_DATE "Enter a valid date."
#define QUERY_BAD_MOMENT "Enter a valid date/time."
#define QUERY_LARGE_NUMBER "Ensure this value is less than or equal to 1e+50."
#define QUERY_BAD_UUID "Enter a valid UUID."
#define QUERY_LONG_NUMBERS "Ensure this list has at most 100 numbers."
#define QUERY_LONG_LIST "Ensure this list has at most 100 values."

#endif
