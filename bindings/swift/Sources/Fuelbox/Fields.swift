/// The members of an object of JSON that has settings: what is left out stays as it is, and what is none is an error.
struct Fields {
    private let values: KeyedDecodingContainer<Name>

    init(_ decoder: Decoder) throws {
        values = try decoder.container(keyedBy: Name.self)
    }

    private init(_ values: KeyedDecodingContainer<Name>) {
        self.values = values
    }

    /// Throws where there is a member that is none of `keys`.
    func refuse<Key: CodingKey & CaseIterable>(allBut keys: Key.Type) throws {
        let names = Set(Key.allCases.map(\.stringValue))
        for key in values.allKeys where !names.contains(key.stringValue) {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: values, debugDescription: "there is no setting \(key.stringValue)")
        }
    }

    /// The object within this one, nil where there is none.
    func group<Key: CodingKey>(_ key: Key) throws -> Fields? {
        let name = Name(key)
        guard values.contains(name) else { return nil }
        return Fields(try values.nestedContainer(keyedBy: Name.self, forKey: name))
    }

    /// Sets `field` to what there is.
    func read<Key: CodingKey, T: Decodable>(_ key: Key, _ field: inout T) throws {
        let name = Name(key)
        if values.contains(name) { field = try values.decode(T.self, forKey: name) }
    }

    /// Sets `nanoseconds` to the time that there is.
    func read<Key: CodingKey>(time key: Key, _ nanoseconds: inout UInt64) throws {
        var time = Time(nanoseconds: nanoseconds)
        try read(key, &time)
        nanoseconds = time.nanoseconds
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init<Key: CodingKey>(_ key: Key) {
            stringValue = key.stringValue
        }

        init?(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            return nil
        }
    }
}
