//! The storage of media files and keys: the trait [`MediaLibrary`] and its types.

use std::fmt;
use std::future::Future;

use futures::future::BoxFuture;

use crate::domain::api_key::{KeyHash, KeyId};
use crate::domain::media::{MediaItem, MediaType};

/// The storage of the server: API keys, and the media files of each library.
///
/// [`SqliteLibrary`](crate::SqliteLibrary) is the included implementation. In other implementations, the methods can be
/// `async fn`:
///
/// ```
/// use media_server::{
///     KeyHash, KeyRecord, LibraryId, MediaItem, MediaLibrary, PageRequest, StorageError,
/// };
///
/// struct Empty;
///
/// impl MediaLibrary for Empty {
///     async fn find_key(&self, _: KeyHash) -> Result<Option<KeyRecord>, StorageError> {
///         Ok(None)
///     }
///
///     async fn list_media(
///         &self,
///         _: &LibraryId,
///         _: PageRequest,
///     ) -> Result<Vec<MediaItem>, StorageError> {
///         Ok(Vec::new())
///     }
/// }
/// ```
pub trait MediaLibrary: Send + Sync + 'static {
    /// Finds the key with this hash. `None` if there is none or it was revoked.
    fn find_key(
        &self,
        hash: KeyHash,
    ) -> impl Future<Output = Result<Option<KeyRecord>, StorageError>> + Send;

    /// Lists the files of this library: newest first by `created_at`, then by `media_id` ascending, at most `page.limit`
    /// files after skipping `page.offset`.
    fn list_media(
        &self,
        library: &LibraryId,
        page: PageRequest,
    ) -> impl Future<Output = Result<Vec<MediaItem>, StorageError>> + Send;
}

/// Identifies a library in the storage. It is not sent to clients.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LibraryId(String);

impl LibraryId {
    /// The id with this string.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key in the storage.
#[derive(Clone, Debug)]
pub struct KeyRecord {
    /// Identifies the key in logs and in the rate limit.
    pub id: KeyId,
    /// The stored hash, which the server compares again in constant time.
    pub hash: KeyHash,
    /// The library the key belongs to.
    pub library: LibraryId,
}

/// The page of a library to return. The values are within the bounds of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Return only files of this type, or files of all types if `None`.
    pub media_type: Option<MediaType>,
    /// The maximum number of files to return: 1 to 100.
    pub limit: u32,
    /// The number of files to skip: 0 to `i64::MAX`.
    pub offset: u64,
}

/// The storage failed. The server logs the cause and doesn't send it to the client.
pub struct StorageError(Box<dyn std::error::Error + Send + Sync>);

impl StorageError {
    /// Wraps the cause: an error or a message.
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Debug for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StorageError").field(&self.0).finish()
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the storage failed: {}", self.0)
    }
}

impl std::error::Error for StorageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

/// An object-safe [`MediaLibrary`], so that routes need no type parameter.
pub(crate) trait ErasedLibrary: Send + Sync {
    fn find_key(&self, hash: KeyHash) -> BoxFuture<'_, Result<Option<KeyRecord>, StorageError>>;

    fn list_media<'a>(
        &'a self,
        library: &'a LibraryId,
        page: PageRequest,
    ) -> BoxFuture<'a, Result<Vec<MediaItem>, StorageError>>;
}

impl<L: MediaLibrary> ErasedLibrary for L {
    fn find_key(&self, hash: KeyHash) -> BoxFuture<'_, Result<Option<KeyRecord>, StorageError>> {
        Box::pin(MediaLibrary::find_key(self, hash))
    }

    fn list_media<'a>(
        &'a self,
        library: &'a LibraryId,
        page: PageRequest,
    ) -> BoxFuture<'a, Result<Vec<MediaItem>, StorageError>> {
        Box::pin(MediaLibrary::list_media(self, library, page))
    }
}
