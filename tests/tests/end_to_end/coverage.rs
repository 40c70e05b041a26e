//! Every status that the contract declares is really answered.

use media_client::{Error, MediaQuery, reqwest};
use media_server::App;

use crate::failures::{Failing, any_key};
use crate::stage::{self, Files, client, limit, send};

#[test]
fn every_status_of_the_contract_is_answered() {
    let files = Files::new();
    files.import("default", "video.mp4");
    let key = files.key("default");
    let journal = stage::play(async |stage| {
        let app = App::new(files.library.clone()).rate_limit(limit(2));
        let address = stage.serve_app(app).await;
        let good = client(&address, &key);
        good.list_media(&MediaQuery::new()).await.unwrap();

        let url = format!("{address}/media?limit=500");
        let refused = send(reqwest::Client::new().get(url).bearer_auth(&key)).await;
        assert_eq!(refused.status, 400);

        let limited = good.list_media(&MediaQuery::new()).await;
        assert!(
            matches!(limited, Err(Error::RateLimited { .. })),
            "{limited:?}"
        );

        let stranger = client(&address, &any_key());
        let unknown = stranger.list_media(&MediaQuery::new()).await;
        assert!(
            matches!(unknown, Err(Error::Unauthorized(_))),
            "{unknown:?}"
        );

        let address = stage.serve(Failing { knows_keys: true }).await;
        let failed = client(&address, &any_key())
            .list_media(&MediaQuery::new())
            .await;
        assert!(matches!(failed, Err(Error::Server(_))), "{failed:?}");
    });
    assert_eq!(journal.unseen(), [""; 0]);
}
