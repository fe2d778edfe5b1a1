//! What is in an ELF file.

use std::{collections::BTreeSet, fs, path::Path};

use object::{Object, ObjectSection, ObjectSymbol, SectionFlags, elf};
use rustc_demangle::demangle;

use xtask::Result;

pub(crate) struct Image {
    octets: Vec<u8>,
    sections: Vec<Section>,
}

/// A section that is in memory when the program runs.
struct Section {
    size: u64,
    /// Whether the file has its content.
    stored: bool,
    writable: bool,
    content: Vec<u8>,
}

impl Image {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let octets = fs::read(path)?;
        let mut sections = Vec::new();
        for section in object::File::parse(&*octets)?.sections() {
            let SectionFlags::Elf { sh_flags, sh_type } = section.flags() else { continue };
            if sh_flags.contains(elf::SHF_ALLOC) {
                sections.push(Section {
                    size: section.size(),
                    stored: sh_type != elf::SHT_NOBITS,
                    writable: sh_flags.contains(elf::SHF_WRITE),
                    content: section.data()?.to_owned(),
                });
            }
        }
        Ok(Self { octets, sections })
    }

    /// text and data.
    pub(crate) fn flash(&self) -> u64 {
        self.sections.iter().filter(|section| section.stored).map(|section| section.size).sum()
    }

    /// data and bss.
    pub(crate) fn ram(&self) -> u64 {
        self.sections.iter().filter(|section| section.writable).map(|section| section.size).sum()
    }

    /// Whether the name of a function or a variable has `part` in it.
    pub(crate) fn holds(&self, part: &str) -> Result<bool> {
        let file = object::File::parse(&*self.octets)?;
        let mut names = file.symbols().filter_map(|symbol| symbol.name().ok()).peekable();
        if names.peek().is_none() {
            return Err("the image has no symbols".into());
        }
        // Without the hash that stands behind a crate's name.
        Ok(names.any(|name| format!("{:#}", demangle(name)).contains(part)))
    }

    /// The names of Rust source files in what is in memory.
    pub(crate) fn sources(&self) -> BTreeSet<String> {
        self.sections.iter().flat_map(|section| sources(&section.content)).collect()
    }
}

/// Each text that ends in `.rs` and is made of what paths are made of.
fn sources(octets: &[u8]) -> Vec<String> {
    const END: &[u8] = b".rs";
    let is_path = |octet: &u8| octet.is_ascii_alphanumeric() || b"/\\._-+: ".contains(octet);
    let mut found = Vec::new();
    let mut rest = octets;
    while let Some(at) = rest.windows(END.len()).position(|window| window == END) {
        let (text, after) = rest.split_at(at + END.len());
        let len = text.iter().rev().take_while(|octet| is_path(octet)).count();
        found.push(String::from_utf8_lossy(&text[text.len() - len..]).into_owned());
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::sources;

    #[test]
    fn source_files_are_found_between_anything() {
        let octets = b"\0\x01src/a.rs\0\xffb.rsc/d.rs\0.r\0 e";
        assert_eq!(sources(octets), ["src/a.rs", "b.rs", "c/d.rs"]);
        assert!(sources(b"nothing.r").is_empty());
    }
}
