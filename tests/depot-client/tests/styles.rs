//! Parameters in the styles of OpenAPI, as they arrive.

#![allow(clippy::unwrap_used)]

mod support;

use depot_client::types::{Filter, FindShelvesPage, Spot};
use support::{Got, Server};

fn spot() -> Spot {
    Spot {
        row: 2,
        column: "a/b".to_owned(),
    }
}

/// The request that is sent with what is set beside the path.
async fn sent(
    set: impl FnOnce(depot_client::builder::FindShelves<'_>) -> depot_client::builder::FindShelves<'_>,
) -> Got {
    let server = Server::content().await;
    let client = server.client();
    let request = client
        .find_shelves()
        .at(spot())
        .within(vec!["x".to_owned(), "y,z".to_owned()]);
    set(request).send().await.unwrap();
    server.only()
}

/// The query, behind the path that all requests have.
async fn query(
    set: impl FnOnce(depot_client::builder::FindShelves<'_>) -> depot_client::builder::FindShelves<'_>,
) -> String {
    let target = sent(set).await.target;
    target
        .split_once('?')
        .map_or_else(String::new, |(_, query)| query.to_owned())
}

#[tokio::test]
async fn a_path_has_labels_and_matrices() {
    let plain = sent(|request| request).await;
    assert_eq!(plain.target, "/shelves/;column=a%2Fb;row=2/.x,y%2Cz");
}

#[tokio::test]
async fn what_separates_values_is_not_in_them() {
    let ids = ["a,b", "c d"].map(str::to_owned).to_vec();
    assert_eq!(query(|request| request.ids(ids)).await, "ids=a%2Cb,c%20d");
    assert_eq!(query(|request| request.ids(Vec::new())).await, "ids=");
    assert_eq!(
        query(|request| request.sizes(vec![1, 2])).await,
        "sizes=1%7C2"
    );
}

#[tokio::test]
async fn objects_have_brackets_or_the_names_of_their_members() {
    let filter = Filter::builder()
        .name("a&b".to_owned())
        .spot(spot())
        .kinds(vec!["k".to_owned(), "l".to_owned()])
        .spots(vec![spot()]);
    let sent = query(|request| request.filter(filter)).await;
    let mut pairs: Vec<&str> = sent.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "filter%5Bkinds%5D=k",
            "filter%5Bkinds%5D=l",
            "filter%5Bname%5D=a%26b",
            "filter%5Bspot%5D%5Bcolumn%5D=a%2Fb",
            "filter%5Bspot%5D%5Brow%5D=2",
            "filter%5Bspots%5D%5B0%5D%5Bcolumn%5D=a%2Fb",
            "filter%5Bspots%5D%5B0%5D%5Brow%5D=2",
        ]
    );
    let page = FindShelvesPage::builder()
        .limit(3)
        .sort(vec!["a".to_owned(), "-b".to_owned()]);
    assert_eq!(
        query(|request| request.page(page)).await,
        "limit=3&sort=a&sort=-b"
    );
    let empty = FindShelvesPage::builder();
    assert_eq!(query(|request| request.page(empty)).await, "");
}

#[tokio::test]
async fn a_document_is_json() {
    let filter = Filter::builder().name("a b".to_owned());
    let got = sent(|request| request.where_(filter)).await;
    assert_eq!(got.query("where").as_deref(), Some(r#"{"name":"a b"}"#));
}

#[tokio::test]
async fn headers_and_cookies_have_styles_too() {
    let flags = ["a", "b c"].map(str::to_owned).to_vec();
    let got = sent(|request| request.x_spot(spot()).flags(flags)).await;
    assert_eq!(got.header("x-spot"), "column=a/b,row=2");
    assert_eq!(got.header("cookie"), "flags=a; flags=b%20c");
}

#[tokio::test]
async fn all_cookies_are_in_one_header() {
    let flags = vec!["a".to_owned()];
    let got = sent(|request| request.flags(flags).session("c=; admin=1")).await;
    let cookies: Vec<_> = got.headers.get_all("cookie").iter().collect();
    assert_eq!(cookies, ["flags=a; session=c=%3B%20admin=1"]);
}
