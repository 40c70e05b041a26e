//! What the server asks of the place where media files are kept: the trait to implement for a
//! database of one's own.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::domain::api_key::{KeyHash, KeyId};
use crate::domain::media::{MediaItem, MediaType};

/// The storage of the server: who owns a key, and which files a library has.
///
/// [`SqliteLibrary`](crate::SqliteLibrary) is the implementation that comes with the crate. Write
/// the methods of another one as plain `async fn`:
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
    /// Finds the key with this hash. None when there is none, or when it has been revoked.
    fn find_key(
        &self,
        hash: KeyHash,
    ) -> impl Future<Output = Result<Option<KeyRecord>, StorageError>> + Send;

    /// Lists the files of one library, and of no other: newest first by `created_at`, then by
    /// `media_id` ascending; at most `page.limit`, after skipping `page.offset`.
    fn list_media(
        &self,
        library: &LibraryId,
        page: PageRequest,
    ) -> impl Future<Output = Result<Vec<MediaItem>, StorageError>> + Send;
}

/// Identifies a library inside the storage. Clients never see it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LibraryId(String);

impl LibraryId {
    /// The id with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key as the storage knows it.
#[derive(Clone, Debug)]
pub struct KeyRecord {
    /// Identifies the key in logs; requests are counted under it.
    pub id: KeyId,
    /// The stored hash. The server compares it once more, in constant time.
    pub hash: KeyHash,
    /// The library the key belongs to.
    pub library: LibraryId,
}

/// Which page of a library to return. The server has checked the bounds of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Only files of this type, or all.
    pub media_type: Option<MediaType>,
    /// The number of files to return at most: 1 to 100.
    pub limit: u32,
    /// The number of files to skip: 0 to `i64::MAX`.
    pub offset: u64,
}

/// The storage could not answer. The server logs the cause and tells the client nothing of it.
pub struct StorageError(Box<dyn std::error::Error + Send + Sync>);

impl StorageError {
    /// Wraps the cause: an error, or a sentence.
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

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + Send + 'a>>;

/// [`MediaLibrary`] behind a pointer, so that routes and their documentation need no type parameter.
pub(crate) trait ErasedLibrary: Send + Sync {
    fn find_key(&self, hash: KeyHash) -> Answer<'_, Option<KeyRecord>>;

    fn list_media<'a>(
        &'a self,
        library: &'a LibraryId,
        page: PageRequest,
    ) -> Answer<'a, Vec<MediaItem>>;
}

impl<L: MediaLibrary> ErasedLibrary for L {
    fn find_key(&self, hash: KeyHash) -> Answer<'_, Option<KeyRecord>> {
        Box::pin(MediaLibrary::find_key(self, hash))
    }

    fn list_media<'a>(
        &'a self,
        library: &'a LibraryId,
        page: PageRequest,
    ) -> Answer<'a, Vec<MediaItem>> {
        Box::pin(MediaLibrary::list_media(self, library, page))
    }
}
