/* A real browser for the tests of the console: signs in as a person would, looks at a page at two widths with the script on
   and off, and holds each against WCAG 2.2 AA (axe-core) and against running off the side of the screen. */
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const widths = [1280, 390];

/* The six digits of an authenticator (RFC 6238), `after` steps from now. */
export function digits(base32, after = 0) {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const bits = [...base32.replace(/[^A-Z2-7]/g, "")].map((c) => letters.indexOf(c).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + after));
    const mac = createHmac("sha1", key).update(counter).digest();
    const at = mac[19] & 15;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

/* hub: its address; shots: a folder for pictures, or undefined. */
export class Browser {
    static async open({ hub, shots }) {
        const b = new Browser();
        b.hub = hub;
        b.shots = shots;
        b.faults = [];
        b.chromium = await chromium.launch({
            executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
            args: ["--no-sandbox", "--disable-gpu"],
        });
        if (shots) mkdirSync(shots, { recursive: true });
        await b.fresh();
        return b;
    }

    /* Another person at another browser: no cookies. */
    async fresh({ script = true } = {}) {
        await this.context?.close();
        this.context = await this.chromium.newContext({ javaScriptEnabled: script, viewport: { width: widths[0], height: 800 } });
        this.page = await this.context.newPage();
        this.page.on("console", (m) => { if (m.type() === "error" && !/status of 4\d\d/.test(m.text())) this.faults.push(`${this.page.url()}: ${m.text()}`); });
        this.page.on("pageerror", (e) => this.faults.push(`${this.page.url()}: ${e}`));
        this.page.on("request", (r) => {
            if (!r.url().startsWith(this.hub) && !r.url().startsWith("data:")) this.faults.push(`asked another host: ${r.url()}`);
        });
    }

    async go(path) {
        const answer = await this.page.goto(this.hub + path);
        return answer.status();
    }

    /* An invited person sets the account up; returns the secret of the second factor. */
    async setUp(link, password) {
        await this.page.goto(link);
        await this.look("set-up");
        const secret = (await this.page.locator(".key code").textContent()).trim();
        await this.page.getByLabel("A password of at least").fill(password);
        await this.page.getByLabel("The same password again").fill(password);
        await this.page.getByLabel("The six digits").fill(digits(secret, -1));
        await this.page.getByRole("button", { name: "Set up" }).click();
        await this.page.getByRole("heading", { name: "Sign in" }).waitFor();
        return secret;
    }

    /* after: a code is taken once, so that the next sign-in needs a later step. */
    async signIn(login, password, secret, after = 0) {
        await this.go("/sign-in");
        await this.page.getByLabel("User name").fill(login);
        await this.page.getByLabel("Password", { exact: true }).fill(password);
        await this.page.getByLabel("Six digits").fill(digits(secret, after));
        await this.page.getByRole("button", { name: "Sign in" }).click();
        await this.page.getByRole("button", { name: "Sign out", exact: true }).first().waitFor({ state: "attached" });
    }

    /* Looks at the page that is open: a picture at each width, nothing off the side, axe without a finding. */
    async look(name) {
        for (const width of widths) {
            await this.page.setViewportSize({ width, height: 800 });
            if (this.shots) await this.page.screenshot({ path: `${this.shots}/${name}-${width}.png`, fullPage: true });
            const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth).catch(() => 0);
            if (wide > 0) this.faults.push(`${name} at ${width}: ${wide} px off the side`);
            await this.judge(`${name} at ${width}`);
        }
        await this.page.setViewportSize({ width: widths[0], height: 800 });
    }

    async judge(name) {
        const found = await this.page.evaluate(async ([source, tags]) => {
            if (!window.axe) (0, eval)(source);
            return (await window.axe.run(document, { runOnly: tags })).violations
                .map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join(" | ")}`);
        }, [axe, rules]);
        for (const one of found) this.faults.push(`${name}: ${one}`);
    }

    async close() {
        await this.chromium.close();
        return this.faults;
    }
}
