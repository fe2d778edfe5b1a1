//! What the forms of a JWS in the making depend on.

use core::convert::Infallible;
use core::marker::PhantomData;

/// Of a [`Builder`](super::Builder): no signature yet.
#[derive(Clone, Copy, Debug)]
pub enum Empty {}

/// Of a [`Builder`](super::Builder): one signature, all of its header protected. It fits every form.
#[derive(Clone, Copy, Debug)]
pub enum One {}

/// Of a [`Builder`](super::Builder): one signature, whose header may be unprotected in part. It fits the JSON forms.
#[derive(Clone, Copy, Debug)]
pub enum OneWithHeader {}

/// Of a [`Builder`](super::Builder): any number of signatures, but at least one. They fit the general form.
#[derive(Clone, Copy, Debug)]
pub enum Many {}

/// Of a [`Builder`](super::Builder): the same as `S`, over a payload that has gone by, so that there is no further
/// signature.
#[derive(Clone, Copy, Debug)]
pub struct Finished<S>(Infallible, PhantomData<S>);

/// How many signatures a [`Builder`](super::Builder) has, as far as its forms depend on it. Sealed.
pub trait State: sealed::Sealed {
    /// With one more signature, all of its header protected.
    type Signed: State;
    /// With one more signature of any headers.
    type SignedWithHeader: State;
}

mod sealed {
    #[expect(unnameable_types, reason = "it seals `State`")]
    pub trait Sealed {}
    impl Sealed for super::Empty {}
    impl Sealed for super::One {}
    impl Sealed for super::OneWithHeader {}
    impl Sealed for super::Many {}
    impl<S: Sealed> Sealed for super::Finished<S> {}
}

impl State for Empty {
    type Signed = One;
    type SignedWithHeader = OneWithHeader;
}

impl State for One {
    type Signed = Many;
    type SignedWithHeader = Many;
}

impl State for OneWithHeader {
    type Signed = Many;
    type SignedWithHeader = Many;
}

impl State for Many {
    type Signed = Many;
    type SignedWithHeader = Many;
}

/// A signature is there, so that there is a form. Sealed.
pub trait AtLeastOne: sealed::Sealed {}
impl AtLeastOne for One {}
impl AtLeastOne for OneWithHeader {}
impl AtLeastOne for Many {}
impl<S: AtLeastOne> AtLeastOne for Finished<S> {}

/// One signature is there and no other, so that the flattened form has room for it. Sealed.
pub trait ExactlyOne: AtLeastOne {}
impl ExactlyOne for One {}
impl ExactlyOne for OneWithHeader {}
impl<S: ExactlyOne> ExactlyOne for Finished<S> {}

/// All of its header is protected besides, so that the compact form has room for it. Sealed.
pub trait ExactlyOneProtected: ExactlyOne {}
impl ExactlyOneProtected for One {}
impl<S: ExactlyOneProtected> ExactlyOneProtected for Finished<S> {}
