//! A person with a browser.

/// A page that a browser ended on.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub text: String,
}

fn client() -> reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_root_certificates(rustls::RootCertStore::empty())
    .with_no_client_auth();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tls_backend_preconfigured(tls)
        .build()
        .unwrap()
}

/// Opens the consent page, approves, and says where the browser is sent.
///
/// # Panics
/// Where the page is no redirect.
pub async fn location_of(url: &str) -> String {
    let response = client().get(url).send().await.unwrap();
    let status = response.status();
    let location = response
        .headers()
        .get("location")
        .map(|one| one.to_str().unwrap().to_owned());
    location.unwrap_or_else(|| panic!("{url} answered {status} and leads nowhere"))
}

/// Opens a page.
pub async fn browse(url: &str) -> Page {
    let response = client().get(url).send().await.unwrap();
    Page {
        status: response.status().as_u16(),
        text: response.text().await.unwrap(),
    }
}
