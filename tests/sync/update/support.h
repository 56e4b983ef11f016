/* What the tests of signed content share. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "platform/base/attr.h"
#include "platform/base/err.h"

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        enum err support_rc = (call);                                                              \
        if (support_rc != ERR_OK)                                                                  \
            fail_msg("%s: %s", #call, err_name(support_rc));                                       \
    } while (0)
