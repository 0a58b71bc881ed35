// Returns the texts of the page whose contrast to their ground is below WCAG's 4.5 to 1 (3 to 1 where they
// are large), as the colours are computed. Disabled controls are exempt, and so is what lies on the sky's
// picture, whose colour is taken as that of its darkest part.
const channel = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgba = (colour) => {
	canvas.clearRect(0, 0, 1, 1);
	canvas.fillStyle = colour;
	canvas.fillRect(0, 0, 1, 1);
	return [...canvas.getImageData(0, 0, 1, 1).data];
};
const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const ground = (element) => {
	for (; element; element = element.parentElement) {
		const colour = rgba(getComputedStyle(element).backgroundColor);
		if (colour[3] === 255)
			return colour;
	}
	return [255, 255, 255, 255];
};
const seen = new Set();
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
	const element = walker.currentNode.parentElement;
	const style = getComputedStyle(element);
	const key = style.color + style.fontSize + element.tagName + element.className + element.parentElement.className;
	if (!walker.currentNode.data.trim() || seen.has(key) || !element.checkVisibility() ||
	    element.closest('.disabled, .unseen, style, script, option'))
		continue;
	seen.add(key);
	const [a, b] = [luminance(rgba(style.color)), luminance(ground(element))];
	const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	const large = parseFloat(style.fontSize) >= 24;
	if (ratio < (large ? 3 : 4.5))
		found.push(`${ratio.toFixed(2)} ${element.tagName} ${walker.currentNode.data.trim().slice(0, 40)}`);
}
return found;
