//! The processing of RFC 9901 section 7.1 step 3: digests are replaced by what was disclosed.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use jose_b64::json::{self, Array, Object, Str, Value};

use crate::disclosure::{DOTS, Disclosures, SD, SD_ALG, claim_digests, element_digest, is_reserved};
use crate::error::{DisclosureError, Error};

/// The processed payload.
#[derive(Debug)]
pub(crate) struct Processed {
    /// Its JSON text.
    pub(crate) text: String,
    /// The names of the claims on the first level that were selectively disclosed.
    pub(crate) disclosed: Vec<String>,
}

/// Processes a payload. Each disclosure is inserted once, and each digest is looked up once.
pub(crate) fn process(payload: Object<'_>, disclosures: &Disclosures) -> Result<Processed, Error> {
    let mut walk = Walk {
        disclosures,
        used: vec![false; disclosures.list().len()],
        seen: BTreeSet::new(),
        out: String::with_capacity(payload.raw().len()),
        disclosed: Vec::new(),
    };
    walk.object(payload, 1)?;
    match walk.used.iter().position(|used| !used) {
        Some(index) => Err(Error::Disclosure { index, reason: DisclosureError::Unreferenced }),
        None => Ok(Processed { text: walk.out, disclosed: walk.disclosed }),
    }
}

struct Walk<'w> {
    disclosures: &'w Disclosures,
    used: Vec<bool>,
    /// Every digest so far, of disclosures that are there or not.
    seen: BTreeSet<Cow<'w, str>>,
    out: String,
    disclosed: Vec<String>,
}

impl<'w> Walk<'w> {
    fn value(&mut self, value: Value<'w>, depth: usize) -> Result<(), Error> {
        // Each text was checked alone, and they are nested in one another.
        if depth > json::MAX_DEPTH {
            return Err(Error::Json(jose_b64::Error::Depth));
        }
        match (value.as_object(), value.as_array()) {
            (Some(object), _) => self.object(object, depth),
            (_, Some(array)) => self.array(array, depth),
            _ => {
                self.out.push_str(value.raw());
                Ok(())
            }
        }
    }

    fn object(&mut self, object: Object<'w>, depth: usize) -> Result<(), Error> {
        self.out.push('{');
        let mut separator = "";
        for (name, value) in object.iter() {
            if name == *SD || (name == *SD_ALG && depth == 1) {
                continue;
            }
            if is_reserved(name) {
                return Err(Error::NameReserved);
            }
            self.member(separator, name, value, depth)?;
            separator = ",";
        }
        let mut names: Option<BTreeSet<Cow<'_, str>>> = None;
        for digest in claim_digests(object)? {
            let Some((index, disclosure)) = self.find(digest)? else { continue };
            let refused = |reason| Error::Disclosure { index, reason };
            let (name, value) = disclosure.content();
            let name = name.ok_or(refused(DisclosureError::Kind))?;
            if is_reserved(name) {
                return Err(refused(DisclosureError::Name));
            }
            let names = names.get_or_insert_with(|| object.iter().map(|(name, _)| name.to_cow()).collect());
            if !names.insert(name.to_cow()) {
                return Err(refused(DisclosureError::ClaimTwice));
            }
            if depth == 1 {
                self.disclosed.push(name.to_cow().into_owned());
            }
            self.member(separator, name, value, depth)?;
            separator = ",";
        }
        self.out.push('}');
        Ok(())
    }

    fn member(
        &mut self,
        separator: &str,
        name: Str<'w>,
        value: Value<'w>,
        depth: usize,
    ) -> Result<(), Error> {
        for part in [separator, "\"", name.raw(), "\":"] {
            self.out.push_str(part);
        }
        self.value(value, depth.saturating_add(1))
    }

    fn array(&mut self, array: Array<'w>, depth: usize) -> Result<(), Error> {
        self.out.push('[');
        let mut separator = "";
        for element in array.iter() {
            let value = match element_digest(element)? {
                None => element,
                Some(digest) => match self.find(digest)? {
                    None => continue,
                    Some((index, disclosure)) => match disclosure.content() {
                        (None, value) => value,
                        _ => return Err(Error::Disclosure { index, reason: DisclosureError::Kind }),
                    },
                },
            };
            self.out.push_str(separator);
            separator = ",";
            self.value(value, depth.saturating_add(1))?;
        }
        self.out.push(']');
        Ok(())
    }

    /// The disclosure of a digest, if it is there.
    fn find(&mut self, digest: Str<'w>) -> Result<Option<(usize, &'w crate::disclosure::Disclosure)>, Error> {
        if !self.seen.insert(digest.to_cow()) {
            return Err(Error::DigestRepeated);
        }
        let found = self.disclosures.get(digest);
        if let Some(used) = found.and_then(|(index, _)| self.used.get_mut(index)) {
            *used = true;
        }
        Ok(found)
    }
}

/// The disclosures that show what a pointer names: itself and what it is inside of, from the outside in; and its value.
pub(crate) fn locate<'p>(
    payload: Object<'p>,
    disclosures: &'p Disclosures,
    tokens: impl Iterator<Item = Cow<'p, str>>,
) -> Option<(Vec<usize>, Value<'p>)> {
    let (mut path, mut at) = (Vec::new(), Value::assume_checked(payload.raw()));
    for token in tokens {
        let (through, value) = match (at.as_object(), at.as_array()) {
            (Some(object), _) => claim(object, disclosures, &token)?,
            (_, Some(array)) => visible(array, disclosures).nth(crate::pointer::index(&token)?)?,
            _ => return None,
        };
        path.extend(through);
        at = value;
    }
    Some((path, at))
}

/// Adds every disclosure inside a value.
pub(crate) fn inside(value: Value<'_>, disclosures: &Disclosures, add: &mut impl FnMut(usize)) {
    let object = value.as_object().into_iter();
    let array = value.as_array().into_iter();
    let claims = object.clone().flat_map(|object| object.iter()).map(|(_, value)| (None, value));
    let claims = claims.filter(|(_, value)| matches!(value.kind(), json::Kind::Object | json::Kind::Array));
    let digests = object.filter_map(|object| claim_digests(object).ok()).flatten();
    let hidden = digests.filter_map(|digest| disclosures.get(digest));
    let hidden = hidden.map(|(index, disclosure)| (Some(index), disclosure.content().1));
    for (index, value) in claims.chain(hidden).chain(array.flat_map(|array| visible(array, disclosures))) {
        if let Some(index) = index {
            add(index);
        }
        inside(value, disclosures, add);
    }
}

/// A claim of an object, and the disclosure that it is in.
fn claim<'p>(
    object: Object<'p>,
    disclosures: &'p Disclosures,
    name: &str,
) -> Option<(Option<usize>, Value<'p>)> {
    if [SD, SD_ALG, DOTS].contains(&name) {
        return None;
    }
    if let Some(value) = object.get(name) {
        return Some((None, value));
    }
    let mut hidden = claim_digests(object).ok()?.filter_map(|digest| disclosures.get(digest));
    hidden.find_map(|(index, disclosure)| match disclosure.content() {
        (Some(own), value) if own == *name => Some((Some(index), value)),
        _ => None,
    })
}

/// The elements of an array that are there, and the disclosures that they are in.
fn visible<'p>(
    array: Array<'p>,
    disclosures: &'p Disclosures,
) -> impl Iterator<Item = (Option<usize>, Value<'p>)> {
    array.iter().filter_map(|element| match element_digest(element) {
        Ok(Some(digest)) => {
            let (index, disclosure) = disclosures.get(digest)?;
            Some((Some(index), disclosure.content().1))
        }
        _ => Some((None, element)),
    })
}
