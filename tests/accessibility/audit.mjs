/* audit.mjs URL: audits the pages of the server at that address with axe-core, in light, dark and on a phone, and with
   Lighthouse, whose score must be full. Prints what they find, and ends with `N passed, N failed`. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const server = process.argv[2];
const paths = [
	"/",
	"/2.3.0/spacecraft_flights/",
	"/2.3.0/spacecraft_flights/?mode=detailed&limit=3&ordering=-launch__net",
	"/2.3.0/spacecraft_flights/840/",
	"/2.3.0/spacecraft_flights/1/",
	"/2.3.0/",
	"/2.3.0/launches/?search=crew",
	"/2.3.0/space_stations/4/",
	"/2.3.0/launches/fb39ac94-5e74-4ee9-afc5-df19c4132b28/",
	"/2.3.0/astronauts/7/",
	"/2.3.0/agencies/121/",
	"/2.3.0/docking_events/619/",
	"/2.3.0/config/orbits/",
	"/2.3.0/spacecraft/?in_space=true",
	"/2.3.0/spacecraft/602/",
	"/2.3.0/api-throttle/",
	"/2.3.0/docs/",
];
const looks = [
	{ name: "light", scheme: "light", width: 1280 },
	{ name: "dark", scheme: "dark", width: 1280 },
	{ name: "phone", scheme: "light", width: 390 },
];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let passed = 0;
let failed = 0;

function report(name, problems) {
	if (problems.length === 0) {
		passed++;
		return;
	}
	failed++;
	console.log(`${name}:`);
	for (const problem of problems)
		console.log(`  ${problem}`);
}

/* Everything that axe-core knows, its best practices and the experimental rules too. */
async function auditWithAxe(browser, path, look) {
	const page = await browser.newPage();
	await page.setBypassCSP(true); /* the pages let no script in, and this is one */
	await page.setViewport({ width: look.width, height: 844 });
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: look.scheme }]);
	await page.goto(server + path, { waitUntil: "load" });
	await page.evaluate(axe);
	const result = await page.evaluate(() => axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		resultTypes: ["violations"],
	}));
	report(`axe-core ${path} ${look.name}`, result.violations.map((violation) =>
		`${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`));
	await page.close();
}

async function auditWithLighthouse(port, path) {
	const { lhr } = await lighthouse(server + path, {
		port, output: "json", logLevel: "error", onlyCategories: ["accessibility"],
		extraHeaders: { Accept: "text/html" },
	});
	const { score } = lhr.categories.accessibility;
	report(`Lighthouse ${path}`, score === 1 ? [] : [`score ${score}`].concat(
		Object.values(lhr.audits).filter((audit) => audit.score === 0).map((audit) => `${audit.id}: ${audit.title}`)));
}

const browser = await puppeteer.launch({
	executablePath: "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-proxy-server",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
});
try {
	for (const path of paths)
		for (const look of looks)
			await auditWithAxe(browser, path, look);
	const port = Number(new URL(browser.wsEndpoint()).port);
	for (const path of ["/", "/2.3.0/spacecraft_flights/", "/2.3.0/spacecraft_flights/840/", "/2.3.0/docs/"])
		await auditWithLighthouse(port, path);
} finally {
	await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
