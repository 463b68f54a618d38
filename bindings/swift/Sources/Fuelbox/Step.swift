import CFuelbox

/// How a call stands after a step.
public enum Step: Hashable, Sendable {
    /// There is more to run.
    case paused
    /// It sleeps: step it again later.
    case waitsForTime
    /// It waits for standard input: step it again soon.
    case waitsForInput
    /// It waits for ``Execution/answer(_:)``.
    case waitsForHost
    /// It is over: ``Execution/finish()`` has the report.
    case done

    init(number: Int32) {
        switch Int(number) {
        case FUELBOX_STEP_PAUSED: self = .paused
        case FUELBOX_STEP_WAITS_TIME: self = .waitsForTime
        case FUELBOX_STEP_WAITS_HOST: self = .waitsForHost
        case FUELBOX_STEP_DONE: self = .done
        // Whatever else it may be one day: step it again soon.
        default: self = .waitsForInput
        }
    }
}
