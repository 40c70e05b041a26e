//! The stub server of the Media API, which conforms to the contract.
//!
//! [`App`] serves a [`MediaLibrary`]. [`SqliteLibrary`] is the included implementation and needs no set-up; implement the
//! trait for another database. [`openapi`] is the OpenAPI document of the server, created from the same tables as its
//! responses.
//!
//! ```
//! use std::time::Duration;
//!
//! use media_server::{App, LibraryName, SqliteLibrary};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let library = SqliteLibrary::open(directory.path())?;
//! let created = library.create_key(&LibraryName::default(), "example")?;
//! println!("curl -H 'Authorization: Bearer {}' ...", created.key.reveal());
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
//! let server = tokio::spawn(media_server::serve(
//!     listener,
//!     App::new(library).into_router(),
//!     async { drop(stopped.await) },
//!     Duration::from_secs(10),
//! ));
//!
//! drop(stop);
//! server.await??;
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! Features: `cli` builds the binary `media-server`, `sqlite` has [`SqliteLibrary`]; both are enabled by default.
//! `test-support` has the module `test_support`: libraries in temporary directories and a manual clock, for tests.

mod domain;
mod http;
#[cfg(feature = "sqlite")]
mod probe;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "test-support")]
pub mod test_support;

pub use domain::api_key::{ApiKey, KeyHash, KeyId};
pub use domain::clock::{Clock, SystemClock, Timestamp};
pub use domain::library::{KeyRecord, LibraryId, MediaLibrary, PageRequest, StorageError};
pub use domain::media::{MediaItem, MediaStatus, MediaType, UnknownValue};
pub use http::app::{App, document_json, openapi};
pub use http::rate_limit::RateLimit;
pub use http::serve::serve;
#[cfg(feature = "sqlite")]
pub use sqlite::{
    CreatedKey, ImportError, KeySummary, LibraryName, LibraryNameError, SqliteError, SqliteLibrary,
};
