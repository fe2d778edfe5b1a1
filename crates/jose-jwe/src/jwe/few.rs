use alloc::vec::{self, Vec};
use core::iter::Chain;
use core::{option, slice};

/// A list that takes memory of the heap only if it is longer than one.
#[derive(Clone, Debug)]
#[expect(unnameable_types, reason = "a detail of the sealed `Decrypt`")]
pub struct Few<T> {
    first: Option<T>,
    others: Vec<T>,
}

impl<T> Few<T> {
    pub(crate) const fn new() -> Self {
        Self { first: None, others: Vec::new() }
    }

    pub(crate) fn push(&mut self, item: T) {
        match self.first {
            None => self.first = Some(item),
            Some(_) => self.others.push(item),
        }
    }

    pub(crate) fn first(&self) -> Option<&T> {
        self.first.as_ref()
    }

    /// The only item, if there is exactly one.
    pub(crate) fn only(&self) -> Option<&T> {
        self.first().filter(|_| self.others.is_empty())
    }

    // A named type, of which the compiler knows that dropping it looks at no item.
    pub(crate) fn iter(&self) -> Chain<option::Iter<'_, T>, slice::Iter<'_, T>> {
        self.first.iter().chain(&self.others)
    }

    pub(crate) fn len(&self) -> usize {
        self.others.len().saturating_add(self.first.iter().len())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}

impl<T> From<T> for Few<T> {
    fn from(item: T) -> Self {
        Self { first: Some(item), others: Vec::new() }
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter();
        Self { first: items.next(), others: items.collect() }
    }
}

impl<T> IntoIterator for Few<T> {
    type Item = T;
    type IntoIter = Chain<option::IntoIter<T>, vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.others)
    }
}
