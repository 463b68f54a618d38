//! All suites, or those named, with the engines that need nothing beyond what fuelbox is built of.
//!
//!   cargo bench -p fuelbox-bench --bench suites -- [--test] [SUITE]..

use fuelbox_bench::suite::Field;

fn main() {
    Field::fast().run();
}
