/* Signed texts of who belongs to a site, for the random histories: A by a hub's certificate, B admitted by A and revoked by
   the hub, C admitted by B. Made once, with keys that guard nothing; escaped as they stand inside a body. */
#pragma once

/* clang-format off */
#define HISTORY_KIOSK_A "7ffa2fae20b27b153910cc789cde2613ca1395a6302f08c86cc1656fb0402671"
#define HISTORY_KIOSK_B "ded9af8e70f23f537b02a0bb454f07257a47610c163ddc08e6331b61f47df0c5"
#define HISTORY_KIOSK_C "78b2856d364d48ee243f8d24c8baf1aa849f9932a7c657ce29bfd87f05981359"
#define HISTORY_CERTIFICATE_A \
    "{\\\"type\\\":\\\"canny.certificate\\\",\\\"hub\\\":\\\"fe03b66e5f25bdcd72e3dc454" \
    "e4dc438f5415a4b28b06e6b1571276a784477de\\\",\\\"site\\\":\\\"00112233445566aa\\\"" \
    ",\\\"device\\\":\\\"7ffa2fae20b27b153910cc789cde2613ca1395a6302f08c86cc1656fb0402" \
    "671\\\",\\\"issued\\\":1795344120000}.yRCofi9x8rEv8S/vJrKvyqBu20VV3MWEoIU1kdHOXDQ" \
    "2xFyBLvBRtQ8ZLMIF9xoHSgxtOdkcAX8+WhIVrkipBA=="
#define HISTORY_ADMISSION_B \
    "{\\\"type\\\":\\\"canny.admission\\\",\\\"site\\\":\\\"00112233445566aa\\\",\\\"s" \
    "ite_name\\\":\\\"School\\\",\\\"by\\\":\\\"7ffa2fae20b27b153910cc789cde2613ca1395" \
    "a6302f08c86cc1656fb0402671\\\",\\\"device\\\":\\\"ded9af8e70f23f537b02a0bb454f072" \
    "57a47610c163ddc08e6331b61f47df0c5\\\",\\\"issued\\\":1795344120000}.ryhmU4kNk3tCr" \
    "aAh0n6p80XdoeiO0B1I3tYvYhhn5rrqi1bnYFxu0/CHRURtxQ7+CDsXd2M5blF7BX39enakAw=="
#define HISTORY_ADMISSION_C \
    "{\\\"type\\\":\\\"canny.admission\\\",\\\"site\\\":\\\"00112233445566aa\\\",\\\"s" \
    "ite_name\\\":\\\"School\\\",\\\"by\\\":\\\"ded9af8e70f23f537b02a0bb454f07257a4761" \
    "0c163ddc08e6331b61f47df0c5\\\",\\\"device\\\":\\\"78b2856d364d48ee243f8d24c8baf1a" \
    "a849f9932a7c657ce29bfd87f05981359\\\",\\\"issued\\\":1795344120000}.jVK8ip1iWmaQA" \
    "arBZ2Hzl3YrRkDIhl2hHhU5hKAi/nmC2KZAuplHx0TihBPXlttnYRcUc7S2bkuBqUd0IMnGAg=="
#define HISTORY_REVOCATION_B \
    "{\\\"type\\\":\\\"canny.revocation\\\",\\\"hub\\\":\\\"fe03b66e5f25bdcd72e3dc454e" \
    "4dc438f5415a4b28b06e6b1571276a784477de\\\",\\\"site\\\":\\\"00112233445566aa\\\"," \
    "\\\"device\\\":\\\"ded9af8e70f23f537b02a0bb454f07257a47610c163ddc08e6331b61f47df0" \
    "c5\\\",\\\"issued\\\":1795344130000}.oHggy6AC9O6ungEsjM67zM4OiCNScW6zkBIWnRoP6m7V" \
    "pGJ1xvJhsPg3PBA0mxNs3VqHyU2nk8xc+/8vsIiRAw=="
/* clang-format on */
