import static dev.fuelbox.ValueType.I32;
import static dev.fuelbox.ValueType.I64;

import dev.fuelbox.Call;
import dev.fuelbox.FuelboxException;
import dev.fuelbox.Instance;
import dev.fuelbox.Limits;
import dev.fuelbox.Sandbox;
import dev.fuelbox.Signature;
import dev.fuelbox.StoppedException;
import dev.fuelbox.Value;
import dev.fuelbox.WasmModule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/** A shop whose plugin keeps the basket, asks for prices, and is stopped when it never comes back. */
public final class ShopHost {
    private static final Map<String, Long> PRICES = new TreeMap<>();

    static {
        PRICES.put("apple", 40L);
        PRICES.put("bread", 350L);
        PRICES.put("cheese", 600L);
    }

    private ShopHost() {}

    public static void main(String[] args) throws IOException {
        Limits limits = Limits.defaults().fuel(10_000_000).deadline(Duration.ofSeconds(10)).memoryBytes(1 << 20);
        try (WasmModule plugin = WasmModule.builder().snapshots().build(Files.readAllBytes(Paths.get(args[0])));
                Sandbox sandbox = Sandbox.builder(limits)
                        .grantFunction("shop", "price", Signature.takes(I32, I32).returns(I64), (caller, range) -> {
                            // Looking a price up is work that the guest pays for.
                            caller.charge(1_000);
                            String name = caller.readText(range[0].i32(), range[1].i32());
                            Long price = PRICES.get(name);
                            if (price == null) {
                                throw new NoSuchElementException("no article is called " + name);
                            }
                            return Value.results(Value.i64(price));
                        })
                        .build();
                Instance basket = sandbox.instantiate(plugin)) {
            for (String name : new String[] {"apple", "bread", "cheese"}) {
                System.out.println(name + ": " + add(basket, name) + " in all");
            }
            // The basket as it is now, to go on from as often as wanted.
            try (WasmModule filled = basket.snapshot()) {
                tryToAdd(basket, "gold");
                System.out.println("the basket is " + (basket.isAlive() ? "alive" : "lost, so that it is restored"));
                try (Instance restored = sandbox.instantiate(filled)) {
                    System.out.println("apple: " + add(restored, "apple") + " in all");
                    recount(restored);
                }
            }
        }
    }

    /** Puts an article into the basket; the total so far. */
    private static long add(Instance basket, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        basket.writeMemory(basket.call("name_buffer").get(0).i32(), text);
        return basket.call("add", Value.i32(text.length)).get(0).i64();
    }

    private static void tryToAdd(Instance basket, String name) {
        try {
            add(basket, name);
        } catch (StoppedException e) {
            System.out.println(name + ": " + e.code() + ", " + e.getCause().getMessage());
        }
    }

    private static void recount(Instance basket) {
        try {
            basket.run(Call.export("recount")).orThrow();
        } catch (FuelboxException e) {
            System.out.println("recount: " + e.code() + ", " + e.blame() + ", " + e.advice().orElse("no advice"));
        }
    }
}
