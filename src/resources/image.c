/* Pictures, with their licences and variants. */
#include "fields.h"

static const struct field image_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(image_url, TEXT, ALL_VIEWS),
	SCALAR(thumbnail_url, TEXT, ALL_VIEWS),
	SCALAR(credit, TEXT, ALL_VIEWS, NULLABLE),
	REFERENCE(license, image_license, AS(NORMAL)),
	SCALAR(single_use, BOOLEAN, ALL_VIEWS, .description = "Whether the picture is marked for a single use."),
	LIST_OF(variants, image_variants, image_variant, AS(NORMAL), .description = "The picture in other formats."),
};

const struct resource resource_image = {
	NAMED(image),
	VIEW(NORMAL, "Image", NULL),
	FIELDS(image_fields),
};

static const struct field image_license_fields[] = {
	ID,
	SCALAR(name, TEXT, ALL_VIEWS),
	SCALAR(priority, INTEGER, ALL_VIEWS),
	SCALAR(link, TEXT, ALL_VIEWS, NULLABLE, .description = "Where the text of the license is."),
};

const struct resource resource_image_license = {
	NAMED(image_license),
	VIEW(NORMAL, "ImageLicense", NULL),
	FIELDS(image_license_fields),
};

static const struct field image_variant_fields[] = {
	ID,
	REFERENCE(type, image_variant_type, AS(NORMAL)),
	SCALAR(image_url, TEXT, ALL_VIEWS),
};

const struct resource resource_image_variant = {
	NAMED(image_variant),
	VIEW(NORMAL, "ImageVariant", NULL),
	FIELDS(image_variant_fields),
};

CONFIG(image_license, "image_licenses", "ImageLicense", "Image License", "Image Licenses", "image license", "image licenses", NUMBER, FACT_LINK("Text", link));
