//! A library that fails on demand.

use std::time::Duration;

use media_server::{
    ApiKey, KeyHash, KeyId, KeyRecord, LibraryId, MediaItem, MediaLibrary, PageRequest,
    StorageError,
};

/// What a [`FakeLibrary`] does when it is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Succeed,
    Fail,
    Panic,
    Wait(Duration),
}

impl Behaviour {
    async fn run(self) -> Result<(), StorageError> {
        match self {
            Self::Succeed => Ok(()),
            Self::Fail => Err(StorageError::new("cannot open /srv/secret/media.db")),
            Self::Panic => panic!("a bug in /srv/secret"),
            Self::Wait(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
        }
    }
}

/// A library that accepts every key and has no files.
pub(crate) struct FakeLibrary {
    pub(crate) on_key: Behaviour,
    pub(crate) on_list: Behaviour,
}

impl FakeLibrary {
    pub(crate) fn listing(on_list: Behaviour) -> Self {
        Self {
            on_key: Behaviour::Succeed,
            on_list,
        }
    }
}

impl MediaLibrary for FakeLibrary {
    async fn find_key(&self, hash: KeyHash) -> Result<Option<KeyRecord>, StorageError> {
        self.on_key.run().await?;
        Ok(Some(KeyRecord {
            id: KeyId::new("key_fake"),
            hash,
            library: LibraryId::new("fake"),
        }))
    }

    async fn list_media(
        &self,
        _: &LibraryId,
        _: PageRequest,
    ) -> Result<Vec<MediaItem>, StorageError> {
        self.on_list.run().await?;
        Ok(Vec::new())
    }
}

pub(crate) fn any_key() -> String {
    let key = ApiKey::generate().expect("randomness");
    key.reveal().to_owned()
}
