/* Doubles in assertions: Debian 12's cmocka compares floats only. Written so that what is no number
   is near nothing. */
#pragma once

#define assert_near(got, want, within)                                                             \
    do {                                                                                           \
        double got_ = (got), want_ = (want);                                                       \
        if (!(got_ - want_ <= (within) && want_ - got_ <= (within)))                               \
            fail_msg("%s is %.17g, wanted %.17g", #got, got_, want_);                              \
    } while (0)
