//! Lists the media of a library by name, as a consumer of the published client would.

use std::error::Error;
use std::pin::pin;

use futures::TryStreamExt;
use media_client::{ApiKey, MediaClient, MediaQuery};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let key = ApiKey::new(std::env::var("MEDIA_API_KEY")?)?;
    let client = MediaClient::new(std::env::var("MEDIA_API_URL")?, key)?;

    let page = client.list_media(&MediaQuery::new()).await?;
    let mut lines = Vec::new();
    let mut media = pin!(client.media(MediaQuery::new().limit(1)));
    while let Some(item) = media.try_next().await? {
        let [width, height] = [item.width, item.height].map(|pixels| pixels.map_or(0, u32::from));
        let line = format!("{}: {} of {width} x {height}", item.filename, item.type_);
        lines.push(line);
    }
    assert_eq!(page.items.len(), lines.len());
    lines.sort();
    for line in lines {
        println!("{line}");
    }
    Ok(())
}
