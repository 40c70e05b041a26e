//! The operation `list_media`: a page of files, or a stream of all files.

use futures::stream::{self, Stream, StreamExt, TryStreamExt};

use crate::generated::parameters::list_media::{LIMIT_MAX, LIMIT_MIN, OFFSET_MIN};
use crate::{Error, MediaClient, MediaItem, MediaType, Page};

/// Selects the files to list. By default, all files in pages of the server's default size.
///
/// ```
/// use media_client::{MediaQuery, MediaType};
///
/// let query = MediaQuery::new().media_type(MediaType::Video).limit(50);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct MediaQuery {
    media_type: Option<MediaType>,
    limit: Option<u32>,
    offset: Option<u64>,
}

impl MediaQuery {
    /// All files, newest first.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only files of this type.
    pub fn media_type(mut self, media_type: MediaType) -> Self {
        self.media_type = Some(media_type);
        self
    }

    /// The maximum number of files in a page, from 1 to 100.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The number of files to skip, starting with the newest.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// The limit, if it is in range.
    fn checked_limit(&self) -> Result<Option<u64>, Error> {
        let Some(limit) = self.limit else {
            return Ok(None);
        };
        if (LIMIT_MIN..=LIMIT_MAX).contains(&i64::from(limit)) {
            return Ok(Some(u64::from(limit)));
        }
        let message = format!("{limit} is not allowed, expected {LIMIT_MIN} to {LIMIT_MAX}");
        Err(Error::argument("limit", message))
    }

    /// The offset, if it is in range.
    fn checked_offset(&self) -> Result<Option<i64>, Error> {
        let Some(offset) = self.offset else {
            return Ok(None);
        };
        match i64::try_from(offset) {
            Ok(checked) if checked >= OFFSET_MIN => Ok(Some(checked)),
            _ => {
                let message = format!(
                    "{offset} is not allowed, expected {OFFSET_MIN} to {}",
                    i64::MAX
                );
                Err(Error::argument("offset", message))
            }
        }
    }
}

impl MediaClient {
    /// Returns a page of the library.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if the limit or the offset is out of range; any other [`Error`] if the call fails.
    pub async fn list_media(&self, query: &MediaQuery) -> Result<Page, Error> {
        let limit = query.checked_limit()?;
        let offset = query.checked_offset()?;
        let mut request = self.generated().list_media();
        if let Some(media_type) = query.media_type {
            request = request.type_(media_type);
        }
        if let Some(limit) = limit {
            request = request.limit(limit);
        }
        if let Some(offset) = offset {
            request = request.offset(offset);
        }
        match request.send().await {
            Ok(response) => {
                let headers = response.headers().clone();
                Ok(Page::new(response.into_inner(), &headers))
            }
            Err(error) => Err(Error::from_call(error)),
        }
    }

    /// Streams all files, starting at the query's offset. Pages are requested as the stream is read.
    ///
    /// The query's limit is the size of a page, not the number of files. The stream ends after a page that is not
    /// full, or after the first error.
    ///
    /// Pages are requested by position, newest file first. If the library changes while the stream is read, a file may
    /// occur twice (after an addition) or be missing (after a removal). Compare `media_id` if that matters.
    pub fn media(&self, query: MediaQuery) -> impl Stream<Item = Result<MediaItem, Error>> + Send {
        let client = self.clone();
        stream::try_unfold(Some(query), move |query| {
            let client = client.clone();
            async move {
                let Some(query) = query else { return Ok(None) };
                let page = client.list_media(&query).await?;
                let next = next(query, &page);
                Ok::<_, Error>(Some((stream::iter(page.items).map(Ok), next)))
            }
        })
        .try_flatten()
    }
}

/// The query for the page after this one.
fn next(query: MediaQuery, page: &Page) -> Option<MediaQuery> {
    if page.items.is_empty() || !page.is_full() {
        return None;
    }
    let received = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
    let offset = query.offset.unwrap_or(0).saturating_add(received);
    Some(query.offset(offset))
}
