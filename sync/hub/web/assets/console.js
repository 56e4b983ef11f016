"use strict";
/* The pages are whole without this. It closes the menu on a narrow screen, and keeps a form from being sent twice. */
(() => {
    const menu = document.querySelector("details.menu");
    const narrow = window.matchMedia("(max-width: 720px)");
    const fold = () => { if (menu) menu.open = !narrow.matches; };
    fold();
    narrow.addEventListener("change", fold);
    for (const form of document.querySelectorAll("form[method=post]"))
        form.addEventListener("submit", (event) => {
            if (form.dataset.sent) event.preventDefault();
            form.dataset.sent = "yes";
        });
    window.addEventListener("pageshow", () => {
        for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    });
})();
