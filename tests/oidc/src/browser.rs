//! A browser, as far as a login needs one: cookies, redirects and forms.

use std::collections::BTreeMap;

use ureq::Agent;
use ureq::http::{Response, StatusCode, header};
use xtask::Result;

/// More redirects than any login has.
const MAX_STEPS: usize = 20;

pub(crate) struct Browser {
    agent: Agent,
    cookies: BTreeMap<String, String>,
}

/// An agent that leaves redirects and statuses to the caller.
pub(crate) fn agent() -> Agent {
    let config = Agent::config_builder().max_redirects(0).max_redirects_will_error(false);
    config.http_status_as_error(false).build().new_agent()
}

/// A form's fields, percent-encoded.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

fn encode(text: &str) -> String {
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if is_kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The value of a parameter in a query or fragment, whose characters here need no decoding but for `%3A` and the like, which
/// tokens, codes and identifiers do not have.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let (_, parameters) = url.split_once(['?', '#'])?;
    let mut pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value.to_owned())
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self { agent: agent(), cookies: BTreeMap::new() }
    }

    /// Follows redirects, logs in and consents, until it is sent to this URL or below. Returns where it was sent.
    pub(crate) fn authorize(&mut self, url: &str, until: &str) -> Result<String> {
        let mut response = self.get(url)?;
        for _ in 0..MAX_STEPS {
            if let Some(location) = location(&response) {
                if location.starts_with(until) {
                    return Ok(location);
                }
                let url = absolute(url, &location);
                response = self.get(&url)?;
                continue;
            }
            let (status, page) = read(response)?;
            let action = attribute(&page, "action=\"").filter(|_| status.is_success());
            let action = action.ok_or_else(|| format!("{status} and no form at {url}: {page}"))?;
            let fields: &[_] = match attribute(&page, "name=\"prompt\" value=\"").as_deref() {
                Some("login") => &[("prompt", "login"), ("login", "alice"), ("password", "secret")],
                _ => &[("prompt", "consent")],
            };
            response = self.post(&absolute(url, &action), fields)?;
        }
        Err(format!("no end of the login at {url}").into())
    }

    /// The page at a URL.
    pub(crate) fn page(&mut self, url: &str) -> Result<String> {
        let response = self.get(url)?;
        let (status, page) = read(response)?;
        if status.is_success() { Ok(page) } else { Err(format!("{status} at {url}: {page}").into()) }
    }

    fn get(&mut self, url: &str) -> Result<Response<ureq::Body>> {
        let response = self.agent.get(url).header(header::COOKIE, self.cookie_line()).call()?;
        self.keep(&response);
        Ok(response)
    }

    pub(crate) fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Result<Response<ureq::Body>> {
        let request = self.agent.post(url).header(header::COOKIE, self.cookie_line());
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = request.send(form(fields))?;
        self.keep(&response);
        Ok(response)
    }

    fn cookie_line(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// Keeps the cookies, whatever their paths: there is one login at a time.
    fn keep(&mut self, response: &Response<ureq::Body>) {
        for line in response.headers().get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                if value.is_empty() {
                    self.cookies.remove(name);
                } else {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
    }
}

pub(crate) fn read(mut response: Response<ureq::Body>) -> Result<(StatusCode, String)> {
    Ok((response.status(), response.body_mut().read_to_string()?))
}

fn location(response: &Response<ureq::Body>) -> Option<String> {
    response.headers().get(header::LOCATION)?.to_str().ok().map(str::to_owned)
}

/// A link of a page at this URL, which is absolute or starts with a slash.
fn absolute(url: &str, link: &str) -> String {
    let origin: Vec<_> = url.split('/').take(3).collect();
    if link.starts_with('/') { format!("{}{link}", origin.join("/")) } else { link.to_owned() }
}

/// What stands between this and the next quotation mark.
pub(crate) fn attribute(page: &str, before: &str) -> Option<String> {
    let (_, rest) = page.split_once(before)?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}
