//! What a holder shows to a verifier (RFC 9901 section 7.2).

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::json::Object;
use jose_jwt::Hash;
use jose_jwt::Sign;
use jose_jwt::jws::AsyncKey;
use jose_jwt::jws::alg::Algorithm;
use jose_jwt::signature::AsyncSigner;
use serde::Serialize;

use crate::binding::KeyBinding;
use crate::disclosure::Disclosures;
use crate::error::Error;
use crate::pointer;
use crate::process;
use crate::serialize::Signed;

/// What a verified SD-JWT is made of.
#[derive(Clone)]
pub(crate) struct Contents {
    pub(crate) signed: Signed,
    /// The JSON text of the payload, checked, without white space around it.
    pub(crate) payload: String,
    pub(crate) disclosures: Disclosures,
    pub(crate) hash: Hash,
}

/// The choice of what a presentation discloses.
#[derive(Clone)]
#[must_use = "`bind` or `without_key_binding` makes the presentation"]
pub struct Selection<'v> {
    contents: &'v Contents,
    chosen: Vec<bool>,
}

impl<'v> Selection<'v> {
    pub(crate) fn new(contents: &'v Contents) -> Self {
        Self { contents, chosen: vec![false; contents.disclosures.list().len()] }
    }

    /// Discloses the claims that these JSON Pointers (RFC 6901) name, and what they are inside of. Pointers are those of the
    /// [processed payload](crate::Verified::processed_text): an array's index counts the elements that are there.
    ///
    /// What is selectively disclosable inside of a claim stays hidden, unless it is named too or
    /// [`disclose_all`](Self::disclose_all) is used. A claim that is always visible may be named, to no effect.
    ///
    /// # Errors
    ///
    /// [`Error::Pointer`] if a pointer names nothing.
    pub fn disclose<P: AsRef<str>>(self, pointers: impl IntoIterator<Item = P>) -> Result<Self, Error> {
        self.choose(pointers, false)
    }

    /// Like [`disclose`](Self::disclose), with everything inside of the claims. The pointer `""` discloses all there is.
    ///
    /// # Errors
    ///
    /// Those of [`disclose`](Self::disclose).
    pub fn disclose_all<P: AsRef<str>>(self, pointers: impl IntoIterator<Item = P>) -> Result<Self, Error> {
        self.choose(pointers, true)
    }

    fn choose<P: AsRef<str>>(
        mut self,
        pointers: impl IntoIterator<Item = P>,
        contents: bool,
    ) -> Result<Self, Error> {
        let Contents { payload, disclosures, .. } = self.contents;
        let Self { chosen, .. } = &mut self;
        let mut choose =
            |index: usize| chosen.iter_mut().skip(index).take(1).for_each(|chosen| *chosen = true);
        for pointer in pointers {
            let (pointer, payload) = (pointer.as_ref(), Object::assume_checked(payload));
            let tokens = pointer::tokens(pointer)?;
            let located = process::locate(payload, disclosures, tokens);
            let (path, value) = located.ok_or_else(|| pointer::invalid(pointer))?;
            path.into_iter().for_each(&mut choose);
            if contents {
                process::inside(value, disclosures, &mut choose);
            }
        }
        Ok(self)
    }

    fn disclosures(&self) -> impl Iterator<Item = &'v str> {
        let list = self.contents.disclosures.list().iter().zip(&self.chosen);
        list.filter_map(|(disclosure, chosen)| chosen.then_some(disclosure.encoded.as_str()))
    }

    fn presented(self, key_binding: Option<String>) -> Presented {
        let disclosures = self.disclosures().map(String::from).collect();
        Presented { signed: self.contents.signed.clone(), disclosures, key_binding }
    }

    /// What the Key Binding JWT is for.
    fn to_bind(&self) -> String {
        self.contents.signed.with_disclosures(self.disclosures())
    }

    /// The presentation without key binding: anyone who sees it can present it again.
    pub fn without_key_binding(self) -> Presented {
        self.presented(None)
    }

    /// The presentation with a Key Binding JWT, signed by the key whose public part is in `cnf`.
    ///
    /// # Errors
    ///
    /// [`Error::Jwt`] if the key fails, the claims cannot be written, or the system's clock is not set.
    pub fn bind<K: Sign + ?Sized, C: Serialize>(
        self,
        key: &K,
        binding: &KeyBinding<C>,
    ) -> Result<Presented, Error> {
        let jwt = binding.sign(key, &self.to_bind(), self.contents.hash)?;
        Ok(self.presented(Some(jwt)))
    }

    /// Like [`bind`](Self::bind), but with a key that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`bind`](Self::bind).
    pub async fn bind_async<A, K, C>(
        self,
        key: &AsyncKey<'_, A, K>,
        binding: &KeyBinding<C>,
    ) -> Result<Presented, Error>
    where
        A: Algorithm,
        K: AsyncSigner<A::Signature>,
        C: Serialize,
    {
        let jwt = binding.sign_async(key, &self.to_bind(), self.contents.hash).await?;
        Ok(self.presented(Some(jwt)))
    }
}

impl fmt::Debug for Selection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selection").field("chosen", &self.disclosures().count()).finish_non_exhaustive()
    }
}

/// A presentation, for one verifier.
#[derive(Clone)]
#[must_use = "`compact`, `flattened` or `general` gives the text"]
pub struct Presented {
    signed: Signed,
    disclosures: Vec<String>,
    key_binding: Option<String>,
}

impl Presented {
    fn disclosures(&self) -> impl Iterator<Item = &str> {
        self.disclosures.iter().map(String::as_str)
    }

    /// The compact form (RFC 9901 section 4).
    ///
    /// # Errors
    ///
    /// [`Error::Form`] if the SD-JWT has several signatures or an unprotected header.
    pub fn compact(&self) -> Result<String, Error> {
        self.signed.compact(self.disclosures(), self.key_binding.as_deref())
    }

    /// The flattened JSON serialization (RFC 9901 section 8.2).
    ///
    /// # Errors
    ///
    /// [`Error::Form`] if the SD-JWT has several signatures.
    pub fn flattened(&self) -> Result<String, Error> {
        self.signed.flattened(self.disclosures(), self.key_binding.as_deref())
    }

    /// The general JSON serialization (RFC 9901 section 8.3).
    ///
    /// # Errors
    ///
    /// [`Error::Json`] if it cannot be written, which does not happen with a heap.
    pub fn general(&self) -> Result<String, Error> {
        self.signed.general(self.disclosures(), self.key_binding.as_deref())
    }
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("disclosures", &self.disclosures.len())
            .field("key_binding", &self.key_binding.is_some())
            .finish_non_exhaustive()
    }
}
