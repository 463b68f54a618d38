;; A plugin of the game: finds all primes below 200,000 by trying, which takes it many frames, and tells the host after
;; each thousand numbers.
(module
  (import "game" "progress" (func $progress (param i32)))

  (func $is_prime (param $n i32) (result i32)
    (local $by i32)
    (local.set $by (i32.const 2))
    (loop $next
      (if (i32.gt_u (i32.mul (local.get $by) (local.get $by)) (local.get $n)) (then (return (i32.const 1))))
      (if (i32.eqz (i32.rem_u (local.get $n) (local.get $by))) (then (return (i32.const 0))))
      (local.set $by (i32.add (local.get $by) (i32.const 1)))
      (br $next))
    (unreachable))

  (func (export "count_primes") (result i32)
    (local $n i32) (local $count i32)
    (local.set $n (i32.const 2))
    (loop $next
      (if (i32.eqz (i32.rem_u (local.get $n) (i32.const 1000))) (then (call $progress (local.get $n))))
      (local.set $count (i32.add (local.get $count) (call $is_prime (local.get $n))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $n) (i32.const 200000))))
    (local.get $count)))
