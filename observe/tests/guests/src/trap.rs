//! Takes an element that is not there.
#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[inline(never)]
fn missing() -> ! {
    core::arch::wasm32::unreachable()
}

mod shelf {
    use super::missing;

    pub struct Shelf {
        pub books: [u32; 4],
    }

    impl Shelf {
        #[inline(never)]
        pub fn book(&self, number: usize) -> u32 {
            match self.books.get(number) {
                Some(book) => *book,
                None => missing(),
            }
        }
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn run(number: u32) -> u32 {
    let shelf = shelf::Shelf {
        books: [1, 2, 3, number],
    };
    core::hint::black_box(&shelf).book(number as usize + 4)
}
