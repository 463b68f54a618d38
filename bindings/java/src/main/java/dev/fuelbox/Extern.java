package dev.fuelbox;

import java.util.Optional;

/** What a module imports or exports. */
public final class Extern {
    private final String module;
    private final String name;
    private final String type;

    Extern(String module, String name, String type) {
        this.module = module;
        this.name = name;
        this.type = type;
    }

    /** The first part of the name of an import; an export has none. */
    public Optional<String> module() {
        return Optional.ofNullable(module);
    }

    /** The name of an export, or the second part of that of an import. */
    public String name() {
        return name;
    }

    /** The type, such as {@code function (i32, i64) -> f32}. */
    public String type() {
        return type;
    }

    @Override
    public String toString() {
        return (module == null ? name : module + "." + name) + ": " + type;
    }
}
