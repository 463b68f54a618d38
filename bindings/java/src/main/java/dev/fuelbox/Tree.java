package dev.fuelbox;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Files in memory for programs of WASI, which they can only read until {@link #writable}. What cannot be put in is a
 * {@link FuelboxException}, {@code tree-malformed}, {@code tree-no-file} or {@code tree-taken}, and the tree stays.
 */
public final class Tree extends Handle {
    /** Makes an empty one. */
    public Tree() {
        this(make());
    }

    Tree(long number) {
        super(number, Tree::free);
    }

    /** Puts a file in, in place of another; directories on the way are made. */
    public Tree file(String path, byte[] bytes) {
        return file(path, Bytes.of(bytes));
    }

    /** As {@link #file(String, byte[])}, from position to limit. */
    public Tree file(String path, ByteBuffer bytes) {
        return file(path, Bytes.of(bytes));
    }

    private Tree file(String path, Bytes bytes) {
        byte[] at = Text.encode(path);
        try (Resource.Use self = hold()) {
            file(self.number(), at, bytes.array, bytes.direct, bytes.offset, bytes.length);
        }
        return this;
    }

    /** Puts a directory in. */
    public Tree directory(String path) {
        byte[] at = Text.encode(path);
        try (Resource.Use self = hold()) {
            directory(self.number(), at);
        }
        return this;
    }

    /** Puts a symbolic link in, which may lead nowhere. */
    public Tree symlink(String path, String target) {
        byte[] at = Text.encode(path);
        byte[] to = Text.encode(target);
        try (Resource.Use self = hold()) {
            symlink(self.number(), at, to);
        }
        return this;
    }

    /** Gives the file at {@code to} one more name. */
    public Tree hardLink(String path, String to) {
        byte[] at = Text.encode(path);
        byte[] file = Text.encode(to);
        try (Resource.Use self = hold()) {
            hardLink(self.number(), at, file);
        }
        return this;
    }

    /** Lets guests write: at most so many bytes, and so many files and directories of their own. */
    public Tree writable(long bytes, long nodes) {
        if (bytes < 0 || nodes < 0) {
            throw new IllegalArgumentException("cannot write " + bytes + " bytes, " + nodes + " nodes");
        }
        try (Resource.Use self = hold()) {
            writable(self.number(), bytes, nodes);
        }
        return this;
    }

    /** Whether guests may write: see {@link #writable}. */
    public boolean isWritable() {
        try (Resource.Use self = hold()) {
            return isWritable(self.number());
        }
    }

    /** Notes that so many names were left out of the tree, for {@link Usage#namesLeftOut}. */
    public Tree leaveOut(long names) {
        if (names < 0) {
            throw new IllegalArgumentException("cannot leave out " + names + " names");
        }
        try (Resource.Use self = hold()) {
            leaveOut(self.number(), names);
        }
        return this;
    }

    /** What the file at a path holds; empty for anything but a file. */
    public Optional<byte[]> read(String path) {
        byte[] at = Text.encode(path);
        try (Resource.Use self = hold()) {
            return Optional.ofNullable(read(self.number(), at));
        }
    }

    /** The tree as JSON, with all that is in it. */
    public String json() {
        try (Resource.Use self = hold()) {
            return Text.decode(json(self.number()));
        }
    }

    private static native long make();

    private static native void file(
            long tree, byte[] path, byte[] array, ByteBuffer direct, int offset, int length);

    private static native void directory(long tree, byte[] path);

    private static native void symlink(long tree, byte[] path, byte[] target);

    private static native void hardLink(long tree, byte[] path, byte[] to);

    private static native void writable(long tree, long bytes, long nodes);

    private static native boolean isWritable(long tree);

    private static native void leaveOut(long tree, long names);

    private static native byte[] read(long tree, byte[] path);

    private static native byte[] json(long tree);

    private static native void free(long tree);
}
