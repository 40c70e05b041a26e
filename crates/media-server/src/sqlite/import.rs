//! Imports a file into the embedded library: the bytes are complete and on disk before the record is written.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use uuid::Uuid;

use super::{LibraryName, SqliteError, SqliteLibrary, directory};
use crate::domain::media::{MediaItem, MediaStatus};
use crate::probe::{Format, HEAD_LENGTH, MediaInfo, ProbeError};

/// The maximum number of characters of a file name.
const MAX_FILENAME: usize = 255;

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file cannot be read.
    #[error("cannot read the file: {0}")]
    Read(io::Error),
    /// The path is a directory, a device or a pipe.
    #[error("not a regular file")]
    NotAFile,
    /// The format of the content is not supported.
    #[error("unsupported format; expected JPEG, PNG, GIF, WebP, MP4, MOV, WebM or PDF")]
    Unsupported,
    /// The file name is empty, too long, or not Unicode.
    #[error("invalid file name; expected Unicode with at most {MAX_FILENAME} characters")]
    Filename,
    /// The content cannot be stored.
    #[error("cannot store the file in {}: {cause}", .directory.display())]
    Store {
        /// The data directory.
        directory: PathBuf,
        /// The error of the operating system.
        cause: io::Error,
    },
    /// The record cannot be stored.
    #[error(transparent)]
    Record(#[from] SqliteError),
}

impl SqliteLibrary {
    /// Imports a file into the library with this name, which is created if it is missing. Blocks.
    ///
    /// The type, size and duration are read from the content. A damaged file is stored with the status `failed`; a file
    /// of an unsupported format is rejected.
    ///
    /// # Errors
    /// If the file is rejected, or cannot be read or stored. In this case nothing is stored.
    pub fn import(
        &self,
        library: &LibraryName,
        path: impl AsRef<Path>,
    ) -> Result<MediaItem, ImportError> {
        let path = path.as_ref();
        let filename = filename(path)?;
        let mut source = File::open(path).map_err(ImportError::Read)?;
        if !source.metadata().map_err(ImportError::Read)?.is_file() {
            return Err(ImportError::NotAFile);
        }
        let mut head = Vec::new();
        (&mut source)
            .take(HEAD_LENGTH as u64)
            .read_to_end(&mut head)
            .map_err(ImportError::Read)?;
        let format = Format::detect(&head).ok_or(ImportError::Unsupported)?;

        let mut incoming = self.receive(head.as_slice().chain(source))?;
        let size = incoming
            .as_file()
            .metadata()
            .map_err(|cause| self.cannot_store(cause))?
            .len();
        let (status, info) = self.probe(format, &mut incoming)?;
        let item = MediaItem {
            media_id: Uuid::new_v4(),
            status,
            media_type: format.media_type(),
            filename,
            content_type: format.content_type().to_owned(),
            size,
            width: info.width,
            height: info.height,
            duration: info.duration,
            created_at: self.clock().now(),
        };
        self.keep(incoming, library, &item)?;
        Ok(item)
    }

    /// Copies the content into a temporary file in the data directory.
    fn receive(&self, mut source: impl Read) -> Result<NamedTempFile, ImportError> {
        let mut incoming = NamedTempFile::new_in(directory::incoming(self.directory()))
            .map_err(|cause| self.cannot_store(cause))?;
        let mut buffer = vec![0; 256 * 1024];
        // `io::copy` would not tell whether reading or writing failed.
        loop {
            let count = match source.read(&mut buffer) {
                Ok(0) => return Ok(incoming),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(ImportError::Read(error)),
            };
            incoming
                .write_all(&buffer[..count])
                .map_err(|cause| self.cannot_store(cause))?;
        }
    }

    fn probe(
        &self,
        format: Format,
        incoming: &mut NamedTempFile,
    ) -> Result<(MediaStatus, MediaInfo), ImportError> {
        incoming
            .rewind()
            .map_err(|cause| self.cannot_store(cause))?;
        match format.probe(&mut BufReader::new(incoming.as_file_mut())) {
            Ok(info) => Ok((MediaStatus::Ready, info)),
            Err(ProbeError::Damaged(reason)) => {
                tracing::warn!(?format, reason, "the content is damaged");
                Ok((MediaStatus::Failed, MediaInfo::default()))
            }
            Err(ProbeError::Read(cause)) => Err(self.cannot_store(cause)),
        }
    }

    /// Stores the content permanently, then the record. If the record cannot be stored, removes the content.
    fn keep(
        &self,
        incoming: NamedTempFile,
        library: &LibraryName,
        item: &MediaItem,
    ) -> Result<(), ImportError> {
        let stored = directory::stored_file(self.directory(), item.media_id);
        let store = || {
            incoming.as_file().sync_all()?;
            let parent = stored.parent().unwrap_or(self.directory());
            directory::create_private(parent)?;
            incoming
                .persist_noclobber(&stored)
                .map_err(|error| error.error)?;
            directory::sync(parent)?;
            directory::sync(&self.directory().join("files"))
        };
        let kept = store()
            .map_err(|cause| self.cannot_store(cause))
            .and_then(|()| Ok(self.add_record(library, item)?));
        if kept.is_err() {
            // The first error is the one to report.
            let _ = std::fs::remove_file(&stored);
        }
        kept
    }

    fn cannot_store(&self, cause: io::Error) -> ImportError {
        ImportError::Store {
            directory: self.directory().to_path_buf(),
            cause,
        }
    }
}

fn filename(path: &Path) -> Result<String, ImportError> {
    path.file_name()
        .and_then(|name| name.to_str())
        .filter(|name| (1..=MAX_FILENAME).contains(&name.chars().count()))
        .map(str::to_owned)
        .ok_or(ImportError::Filename)
}
