// The short codes we use, as characters. A code not listed here stays as it was typed.

const CODES = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", rotating_light: "🚨", bell: "🔔", no_bell: "🔕",
  calendar: "📅", spiral_calendar_pad: "🗓️", date: "📅", clock1: "🕐", clock3: "🕒", clock9: "🕘", alarm_clock: "⏰", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", timer_clock: "⏲️", stopwatch: "⏱️", page_facing_up: "📄", memo: "📝", pencil: "📝", pencil2: "✏️",
  clipboard: "📋", pushpin: "📌", round_pushpin: "📍", paperclip: "📎", link: "🔗", lock: "🔒", unlock: "🔓", key: "🔑",
  closed_lock_with_key: "🔐", eyes: "👀", eye: "👁️", wave: "👋", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", pray: "🙏",
  raising_hand: "🙋", speech_balloon: "💬", email: "✉️", envelope: "✉️", incoming_envelope: "📨", inbox_tray: "📥", outbox_tray: "📤",
  telephone_receiver: "📞", phone: "☎️", house: "🏠", fire: "🔥", ambulance: "🚑", police_car: "🚓", fire_engine: "🚒", hospital: "🏥",
  office: "🏢", busts_in_silhouette: "👥", bust_in_silhouette: "👤", information_source: "ℹ️", question: "❓", grey_question: "❔",
  exclamation: "❗", grey_exclamation: "❕", red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢",
  large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", large_orange_diamond: "🔶", arrow_right: "➡️", arrow_left: "⬅️",
  arrow_up: "⬆️", arrow_down: "⬇️", arrows_counterclockwise: "🔄", repeat: "🔁", mag: "🔍", bulb: "💡", scales: "⚖️", shield: "🛡️",
  seedling: "🌱", handshake: "🤝", sos: "🆘", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", zzz: "💤", palm_tree: "🌴",
  ballot_box_with_check: "☑️", file_folder: "📁", open_file_folder: "📂", card_index_dividers: "🗂️", bar_chart: "📊", mega: "📣", loudspeaker: "📢",
  small_blue_diamond: "🔹", heavy_plus_sign: "➕", heavy_minus_sign: "➖", checkered_flag: "🏁", triangular_flag_on_post: "🚩", smile: "😄", tada: "🎉",
};

export function emojiFor(code) {
  return CODES[code] || null;
}
