//! The OpenAPI document of the server, collected from the routes.

use utoipa::ToSchema;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr, Schema,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{ErrorResponse, MediaListResponse};
use super::list_media;
use super::media::MediaItemBody;
use super::paths::BASE_PATH;
use super::state::AppState;

const SECURITY_SCHEME: &str = "api_key";

/// The routes of the API with their documentation.
pub(crate) fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(skeleton()).routes(routes!(list_media::list_media))
}

/// The document without operations.
fn skeleton() -> OpenApi {
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
            .description(Some("Version 1 of the API."))
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

**Envelope.** Every response is a JSON object with the properties `data`, `error` and `meta`. On success \
`error` is null; on failure `data` is null. `meta.request_id` is also sent in the `X-Request-Id` header.

**Rate limit.** Requests are counted for each key in fixed windows. The headers of every response to a counted \
request have the state of the window; the response to a request over the limit is 429 with the number of seconds to \
wait.";

fn components() -> utoipa::openapi::Components {
    let mut schemas = Vec::new();
    collect::<MediaListResponse>(&mut schemas);
    collect::<ErrorResponse>(&mut schemas);
    // The schema of the page is hand-written, so the schema of its items is not collected through it.
    collect::<MediaItemBody>(&mut schemas);
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

/// Adds a component and all components that it refers to.
fn collect<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}
