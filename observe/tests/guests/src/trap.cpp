// A class whose method reads where there is no memory.

namespace shapes {
class Circle {
public:
    explicit Circle(const double *radius) : radius(radius) {}
    __attribute__((noinline)) double area(double pi) const {
        return pi * *radius * *radius;
    }

private:
    const double *radius;
};
}

extern "C" __attribute__((export_name("run"))) int run(int number) {
    shapes::Circle circle(reinterpret_cast<const double *>(0xfffffff0u - number));
    return static_cast<int>(circle.area(3.0));
}
