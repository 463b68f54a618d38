//! The format of the Firefox Profiler, which reads it as it is.

use super::Profile;
use crate::names::harmless;
use fxprof_processed_profile as firefox;
use fxprof_processed_profile::{
    CategoryHandle, CpuDelta, Frame, FrameFlags, FrameInfo, ReferenceTimestamp, SamplingInterval,
    Timestamp, WeightType,
};

/// So many samples one function called by others is written as: a sample weighs no more than 31 bits.
const MOST_SAMPLES: u64 = 1 << 16;

impl Profile {
    /// The profile for the Firefox Profiler, as JSON, under a title: each sample weighs its fuel, and stands as many
    /// milliseconds behind the first as there are samples before it.
    ///
    /// A function that used more than 140 million million fuel in one place of the tree weighs as much.
    #[must_use]
    pub fn firefox(&self, title: &str) -> String {
        let title: String = title.chars().map(harmless).collect();
        let start = Timestamp::from_millis_since_reference(0.0);
        let mut profile = firefox::Profile::new(
            "fuelbox",
            ReferenceTimestamp::from_millis_since_unix_epoch(0.0),
            SamplingInterval::from_millis(1),
        );
        let process = profile.add_process(&title, 1, start);
        let thread = profile.add_thread(process, 1, start, true);
        profile.set_thread_name(thread, "fuel");
        profile.set_thread_samples_weight_type(thread, WeightType::Samples);
        profile.set_symbolicated(true);
        let (mut stacks, mut samples) = (Vec::with_capacity(self.nodes.len()), 0_u32);
        for node in &self.nodes {
            let name = profile.intern_string(self.name(node));
            let frame = FrameInfo {
                frame: Frame::Label(name),
                category_pair: CategoryHandle::OTHER.into(),
                flags: FrameFlags::empty(),
            };
            let frame = profile.intern_frame(thread, frame);
            let parent = node.parent.and_then(|parent| stacks.get(parent).copied());
            let stack = profile.intern_stack(thread, parent, frame);
            stacks.push(stack);
            for weight in weights(node.fuel) {
                let at = Timestamp::from_millis_since_reference(samples.into());
                samples = samples.saturating_add(1);
                profile.add_sample(thread, at, Some(stack), CpuDelta::ZERO, weight);
            }
        }
        profile.set_process_end_time(
            process,
            Timestamp::from_millis_since_reference(samples.into()),
        );
        serde_json::to_string(&profile).expect("every key is a string")
    }
}

/// The weights of samples that together weigh so much fuel.
fn weights(fuel: u64) -> impl Iterator<Item = i32> {
    let most = u64::from(i32::MAX.unsigned_abs());
    let mut left = fuel.min(most.saturating_mul(MOST_SAMPLES));
    std::iter::from_fn(move || {
        let weight = left.min(most);
        left = left.saturating_sub(weight);
        i32::try_from(weight).ok().filter(|weight| *weight > 0)
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::profile;
    use serde_json::Value;

    #[test]
    fn samples_weigh_the_fuel_and_stacks_lead_to_their_functions() {
        let profile = profile(&[
            (None, 0, 10, 1),
            (Some(0), 1, 5_000_000_000, 2),
            (Some(0), 2, 0, 2),
            (Some(1), 0, 7, 2),
        ]);
        let json: Value = serde_json::from_str(&profile.firefox("a\nrun")).expect("it is JSON");
        let thread = &json["threads"][0];
        let samples = &thread["samples"];
        let weights = samples["weight"].as_array().expect("a list");
        let sum: u64 = weights
            .iter()
            .map(|weight| weight.as_u64().expect("a number"))
            .sum();
        assert_eq!((sum, profile.fuel()), (5_000_000_017, 5_000_000_017));
        assert_eq!(samples["weightType"], "samples");
        assert_eq!(samples["length"], 5);

        // From the innermost out: the last sample is of the first function, called by the second, called by it.
        let mut names = Vec::new();
        let mut stack = samples["stack"][4].as_u64();
        while let Some(number) = stack {
            let number = usize::try_from(number).expect("it is small");
            let index = |value: &Value| {
                usize::try_from(value.as_u64().expect("a number")).expect("it is small")
            };
            let frame = index(&thread["stackTable"]["frame"][number]);
            let function = index(&thread["frameTable"]["func"][frame]);
            let name = index(&thread["funcTable"]["name"][function]);
            names.push(
                thread["stringArray"][name]
                    .as_str()
                    .expect("a text")
                    .to_owned(),
            );
            stack = thread["stackTable"]["prefix"][number].as_u64();
        }
        assert_eq!(names, ["a", "b:?", "a"]);
    }

    #[test]
    fn fuel_without_bounds_takes_no_more_samples_than_there_is_room_for() {
        assert_eq!(super::weights(u64::MAX).count(), 1 << 16);
        assert_eq!(super::weights(0).count(), 0);
    }
}
