import Foundation

/// Bytes in JSON are a string where they are UTF-8, else `{"base64": ".."}`.
struct Bytes: Codable {
    let data: Data

    init(_ data: Data) {
        self.data = data
    }

    init(from decoder: Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            data = Data(text.utf8)
        } else {
            data = try decoder.container(keyedBy: Keys.self).decode(Data.self, forKey: .base64)
        }
    }

    func encode(to encoder: Encoder) throws {
        let text = String(decoding: data, as: UTF8.self)
        if text.utf8.elementsEqual(data) {
            var value = encoder.singleValueContainer()
            try value.encode(text)
        } else {
            var values = encoder.container(keyedBy: Keys.self)
            try values.encode(data.base64EncodedString(), forKey: .base64)
        }
    }

    private enum Keys: String, CodingKey {
        case base64
    }
}
