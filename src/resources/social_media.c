/* Accounts on social media, an agency's or an astronaut's. */
#include "fields.h"

static const struct field social_media_link_fields[] = {
	ID,
	REFERENCE(social_media, social_media, AS(NORMAL)),
	SCALAR(url, TEXT, ALL_VIEWS, NULLABLE),
};

const struct resource resource_social_media_link = {
	NAMED(social_media_link),
	VIEW(NORMAL, "SocialMediaLink", NULL),
	FIELDS(social_media_link_fields),
};

static const struct field social_media_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(url, TEXT, ALL_VIEWS, NULLABLE),
	REFERENCE(logo, image, AS(NORMAL)),
};

const struct resource resource_social_media = {
	NAMED(social_media),
	VIEW(NORMAL, "SocialMedia", NULL),
	FIELDS(social_media_fields),
};
