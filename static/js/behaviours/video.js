// A click loads the player, from its no-cookie host, in the card's place; before it, nothing is asked.
export function start(link) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const address = new URL(link.dataset.video);
    address.searchParams.set("autoplay", "1");

    const player = document.createElement("iframe");
    player.title = link.textContent;
    player.allow = "autoplay; fullscreen; encrypted-media; picture-in-picture";
    player.allowFullscreen = true;
    // YouTube refuses to play for a page that does not say where it is.
    player.referrerPolicy = "strict-origin-when-cross-origin";
    player.src = address;

    const card = link.closest("figure");
    const elsewhere = document.createElement("a");
    elsewhere.href = link.href;
    elsewhere.rel = "noopener";
    elsewhere.textContent = link.textContent;
    const caption = document.createElement("figcaption");
    caption.append(elsewhere);
    card.replaceChildren(player, caption);
    card.classList.add("playing");
    player.focus();
  });
}
