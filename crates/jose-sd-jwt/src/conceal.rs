//! Hides parts of claims behind digests (RFC 9901 section 4.2.4).

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_b64::json::{self, Array, Object, Value};
use jose_jwt::Hash;
use jose_jwt::rand_core::TryCryptoRng;

use crate::disclosure::{Disclosure, SD, digest, is_reserved};
use crate::error::Error;
use crate::pointer;

/// What is to be hidden, by the tokens of the pointers to it.
#[derive(Debug, Default)]
pub(crate) struct Plan<'p> {
    hide: bool,
    /// How many, and the pointer that asked for them.
    decoys: Option<(usize, &'p str)>,
    /// Each with the pointer that asked for it.
    children: BTreeMap<Cow<'p, str>, (Plan<'p>, &'p str)>,
}

impl<'p> Plan<'p> {
    /// Hides what a pointer names. The whole claims set cannot be hidden.
    pub(crate) fn hide(&mut self, pointer: &'p str) -> Result<(), Error> {
        if pointer.is_empty() {
            return Err(pointer::invalid(pointer));
        }
        self.at(pointer)?.hide = true;
        Ok(())
    }

    /// Adds decoys to the object or array that a pointer names.
    pub(crate) fn add_decoys(&mut self, pointer: &'p str, count: usize) -> Result<(), Error> {
        let plan = self.at(pointer)?;
        plan.decoys = Some((plan.decoy_count().saturating_add(count), pointer));
        Ok(())
    }

    /// The claims on the first level that are hidden, or that a digest is inside of.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &str> {
        self.children.iter().filter(|(_, (plan, _))| plan.has_digests()).map(|(name, _)| &**name)
    }

    /// Whether there will be a digest.
    pub(crate) fn has_digests(&self) -> bool {
        self.hide || self.decoy_count() > 0 || self.children.values().any(|(plan, _)| plan.has_digests())
    }

    fn decoy_count(&self) -> usize {
        self.decoys.map_or(0, |(count, _)| count)
    }

    fn at(&mut self, pointer: &'p str) -> Result<&mut Self, Error> {
        let mut plan = self;
        for token in pointer::tokens(pointer)? {
            plan = &mut plan.children.entry(token).or_insert_with(|| (Self::default(), pointer)).0;
        }
        Ok(plan)
    }
}

/// Writes claims with digests in the place of what is hidden.
pub(crate) struct Conceal<'r, R: ?Sized> {
    pub(crate) hash: Hash,
    pub(crate) rng: &'r mut R,
    pub(crate) disclosures: Vec<Disclosure>,
}

impl<R: TryCryptoRng + ?Sized> Conceal<'_, R> {
    fn value(&mut self, value: Value<'_>, plan: Option<&Plan<'_>>, out: &mut String) -> Result<(), Error> {
        match (value.as_object(), value.as_array()) {
            (Some(object), _) => {
                out.push('{');
                self.members(object, plan, out)?;
                out.push('}');
                Ok(())
            }
            (_, Some(array)) => self.array(array, plan, out),
            _ => {
                out.push_str(value.raw());
                match plan.and_then(|plan| plan.decoys) {
                    Some((_, pointer)) => Err(pointer::invalid(pointer)),
                    None => none_left(plan, &[]),
                }
            }
        }
    }

    /// The members of an object, without its braces. There is at least one if the object has one.
    pub(crate) fn members(
        &mut self,
        object: Object<'_>,
        plan: Option<&Plan<'_>>,
        out: &mut String,
    ) -> Result<(), Error> {
        let (mut digests, mut found, mut separator) = (Vec::new(), Vec::new(), "");
        for (name, value) in object.iter() {
            if is_reserved(name) {
                return Err(Error::NameReserved);
            }
            let name = name.to_cow();
            let child = plan.and_then(|plan| plan.children.get(&name)).map(|(child, _)| child);
            if child.is_some_and(|child| child.hide) {
                digests.push(self.hide(Some(&name), value, child)?);
            } else {
                out.push_str(separator);
                separator = ",";
                json::write_str(out, &name).map_err(Error::Json)?;
                out.push(':');
                self.value(value, child, out)?;
            }
            if child.is_some() {
                found.push(name);
            }
        }
        none_left(plan, &found)?;
        for _ in 0..plan.map_or(0, Plan::decoy_count) {
            digests.push(self.decoy()?);
        }
        if !digests.is_empty() {
            // Their order says nothing of that of the claims.
            digests.sort();
            out.push_str(separator);
            out.push_str(&format!("\"{SD}\":[\"{}\"]", digests.join("\",\"")));
        }
        Ok(())
    }

    fn array(&mut self, array: Array<'_>, plan: Option<&Plan<'_>>, out: &mut String) -> Result<(), Error> {
        let (mut elements, mut found) = (Vec::new(), Vec::new());
        for (index, value) in array.iter().enumerate() {
            let token = Cow::Owned(format!("{index}"));
            let child = plan.and_then(|plan| plan.children.get(&token)).map(|(child, _)| child);
            let mut text = String::new();
            if child.is_some_and(|child| child.hide) {
                text = element(&self.hide(None, value, child)?);
            } else {
                self.value(value, child, &mut text)?;
            }
            elements.push(text);
            if child.is_some() {
                found.push(token);
            }
        }
        none_left(plan, &found)?;
        for _ in 0..plan.map_or(0, Plan::decoy_count) {
            let decoy = element(&self.decoy()?);
            let place = self.below(elements.len().saturating_add(1))?;
            elements.insert(place.min(elements.len()), decoy);
        }
        out.push_str(&format!("[{}]", elements.join(",")));
        Ok(())
    }

    /// Makes a disclosure, and returns its digest.
    fn hide(
        &mut self,
        name: Option<&str>,
        value: Value<'_>,
        plan: Option<&Plan<'_>>,
    ) -> Result<String, Error> {
        let mut text = String::new();
        self.value(value, plan, &mut text)?;
        let salt = base64url::encode_to_string(&self.random::<16>()?);
        let disclosure = Disclosure::new(&salt, name, &text).map_err(Error::Json)?;
        let digest = digest(self.hash, disclosure.encoded.as_bytes())?;
        self.disclosures.push(disclosure);
        Ok(digest)
    }

    /// A digest of nothing.
    fn decoy(&mut self) -> Result<String, Error> {
        let bytes = self.random::<32>()?;
        digest(self.hash, &bytes)
    }

    fn random<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.rng.try_fill_bytes(&mut bytes).map_err(|_| Error::Rng)?;
        Ok(bytes)
    }

    /// A random number below a bound that is not 0. The bias is below 2⁻³² for every array that fits into memory.
    fn below(&mut self, bound: usize) -> Result<usize, Error> {
        let random = self.rng.try_next_u64().map_err(|_| Error::Rng)?;
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        Ok(usize::try_from(random.checked_rem(bound).unwrap_or(0)).unwrap_or(0))
    }
}

fn element(digest: &str) -> String {
    format!("{{\"...\":\"{digest}\"}}")
}

/// Each pointer named something that is there.
fn none_left(plan: Option<&Plan<'_>>, found: &[Cow<'_, str>]) -> Result<(), Error> {
    // Names are unique, so that as many as there are children are all of them.
    let Some(plan) = plan.filter(|plan| plan.children.len() > found.len()) else { return Ok(()) };
    let mut left = plan.children.iter().filter(|(token, _)| !found.contains(token));
    left.next().map_or(Ok(()), |(_, (_, pointer))| Err(pointer::invalid(pointer)))
}
