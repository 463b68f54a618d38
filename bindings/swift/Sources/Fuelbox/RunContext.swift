/// What a run knows of its sandbox, wherever it goes on.
struct RunContext: Sendable {
    let limits: Limits
    let answers: Answers
}
