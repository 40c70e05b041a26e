//! The OpenAPI document of the server, collected from the routes themselves.

use utoipa::ToSchema;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref,
    RefOr, Response, ResponseBuilder, Schema,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{ErrorResponse, MediaListResponse};
use super::examples;
use super::list_media;
use super::media::MediaItem;
use super::statuses::StatusEntry;
use crate::http::state::AppState;

/// Where the routes live below the address of the server.
pub(crate) const BASE_PATH: &str = "/v1";

/// Where the document is served, below the base path. It is not part of the API it describes.
pub(crate) const DOCUMENT_PATH: &str = "/openapi.json";

const SECURITY_SCHEME: &str = "api_key";

/// The operations of the API with their documentation.
pub(crate) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(frame()).routes(routes!(list_media::list_media))
}

/// Everything in the document that does not belong to a single operation.
fn frame() -> OpenApi {
    let security = SecurityRequirement::new(SECURITY_SCHEME, [""; 0]);
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Media API")
                .version("1.0.0")
                .description(Some(DESCRIPTION))
                .license(Some(
                    LicenseBuilder::new()
                        .name("MIT OR Apache-2.0")
                        .url(Some("https://spdx.org/licenses/MIT.html"))
                        .build(),
                )),
        )
        .servers(Some([ServerBuilder::new()
            .url(BASE_PATH)
            .description(Some("Version 1, below the address of the server."))
            .build()]))
        .tags(Some([TagBuilder::new()
            .name("media")
            .description(Some("The media files of a library."))
            .build()]))
        .components(Some(components()))
        .security(Some([security]))
        .build()
}

const DESCRIPTION: &str = "\
Lists the media files of a library: images, videos and documents.

**Authentication.** Every request carries an API key as a bearer token. A key belongs to one library, \
and a request sees that library and no other.

**Envelope.** Every answer is a JSON object with the members `data`, `error` and `meta`. On success \
`error` is null; on failure `data` is null. `meta.request_id` is also sent in the `X-Request-Id` header.

**Rate limit.** Requests are counted for each key in fixed windows. Every counted answer says in its \
headers how much of the window is left; a request over the limit is answered with 429 and the number of \
seconds to wait.";

fn components() -> utoipa::openapi::Components {
    let mut schemas = Vec::new();
    collect::<MediaListResponse>(&mut schemas);
    collect::<ErrorResponse>(&mut schemas);
    // The schema of the page is written by hand, so its elements are not found through it.
    collect::<MediaItem>(&mut schemas);
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("API key")
        .description(Some(
            "An API key of a library, sent as `Authorization: Bearer mapi_...`. Every key matches \
             `mapi_[0-9a-f]{64}`, so that scanners find a leaked one.",
        ))
        .build();
    ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(SECURITY_SCHEME, SecurityScheme::Http(scheme))
        .build()
}

/// Adds a component and those it refers to.
fn collect<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

/// The documentation of one status, whose body is a `B`.
pub(crate) fn document_status<B: ToSchema>(entry: &StatusEntry) -> (String, Response) {
    let example = (entry.example)().into_json(examples::meta());
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(B::name())))
        .example(serde_json::from_slice(&example).ok())
        .build();
    let mut response = ResponseBuilder::new()
        .description(entry.description)
        .content("application/json", content);
    for used in entry.headers {
        response = response.header(used.header.name, used.document());
    }
    (entry.status.as_str().to_owned(), response.build())
}
