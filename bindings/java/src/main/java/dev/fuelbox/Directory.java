package dev.fuelbox;

/**
 * A real directory for programs of WASI. No path, link or name leads out of it. Where guests may write, what they write
 * is on the disk at once.
 */
public final class Directory extends Handle {
    /**
     * Opens one, which guests may read, and change where it is {@code writable}.
     *
     * @throws FuelboxException {@code dir-open}; {@code not-built} where the library was built without the feature
     *     {@code dir}
     */
    public Directory(String path, boolean writable) {
        super(make(Text.encode(path), writable), Directory::free);
    }

    /**
     * Sets the most bytes, and files and directories, that a guest may make in one run, 16 MiB and 10,000 by default,
     * and how many it may have open at once, 64 by default.
     */
    public Directory limits(long bytes, long nodes, int open) {
        if (bytes < 0 || nodes < 0 || open < 0) {
            throw new IllegalArgumentException("cannot make " + bytes + " bytes, " + nodes + " nodes, open " + open);
        }
        try (Resource.Use self = hold()) {
            limits(self.number(), bytes, nodes, open);
        }
        return this;
    }

    private static native long make(byte[] path, boolean writable);

    private static native void limits(long directory, long bytes, long nodes, long open);

    private static native void free(long directory);
}
