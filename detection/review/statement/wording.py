"""The wording of the statement of reasons, by language; statement.py fills in `{…}`."""

ENGLISH = {
    "hold": "Your listing “{title}” is not shown until a reviewer decides.",
    "block": "Your listing “{title}” is not shown.",
    "territories": "The restriction applies in: {territories}.",
    "everywhere": "all countries that the marketplace serves",
    "worldwide": "all countries",
    "duration_hold": "It began on {since} and lasts until a reviewer decides.",
    "duration_block": "It began on {since} and is unlimited, unless an appeal lifts it.",
    "facts": "Picture {picture} shows the design “{design}”, which {brand} has registered.",
    "own_initiative": "A comparison of pictures with registered designs found this, without a notice "
    "from a third party.",
    "detected_automatically": "The detection was automated.",
    "decided_automatically": "The restriction was imposed automatically, before any review by a person.",
    "decided_by_a_person": "A person decided on the restriction.",
    "corrects": "This statement replaces an earlier one: the decision in it was revoked.",
    "ground_found": "Ground: the listing may infringe a {right_kind} of {brand}{register}, in force "
    "for {right_territories}. No person has decided this yet.",
    "ground_decided": "Ground: a reviewer decided that the listing infringes a {right_kind} of "
    "{brand}{register}, in force for {right_territories}.",
    "appeal": "You can appeal through the marketplace, free of charge. A person other than the first "
    "reviewer decides the appeal; after {days} days without a decision the restriction is lifted. The "
    "resale of genuine goods and a licence are valid grounds.",
    "incomplete": "Your listing “{title}” is not shown until all of its pictures can be examined.",
    "duration_incomplete": "It began on {since} and lasts until the listing is sent again with pictures "
    "that can be read.",
    "missing": "Picture {picture} could not be examined.",
    "ground_incomplete": "Ground: this marketplace shows a listing only after all of its pictures are "
    "compared with registered designs. Nobody claims that the listing infringes a right.",
    "send_again": "Ask the marketplace to send the pictures again, each as {types}: the listing is then "
    "examined again.",
    "elsewhere": "You may also turn to a certified out-of-court dispute settlement body or to a court.",
    "counterfeit": "Reason: counterfeit goods.",
    "picture_copied": "Reason: the picture is copied.",
    "design_copied": "Reason: the design is copied.",
    "mark_used": "Reason: the mark is used without consent.",
    "trade_mark": "trade mark",
    "design_right": "design right",
    "copyright": "copyright",
}
CHINESE = {
    "hold": "您的商品“{title}”在审核员作出决定之前暂不展示。",
    "block": "您的商品“{title}”不予展示。",
    "territories": "适用地区:{territories}。",
    "everywhere": "该平台服务的所有地区",
    "worldwide": "所有国家和地区",
    "duration_hold": "自 {since} 起,至审核员作出决定为止。",
    "duration_block": "自 {since} 起,无限期,除非经申诉解除。",
    "facts": "第 {picture} 张图片展示了 {brand} 登记的外观设计“{design}”。",
    "own_initiative": "这是通过将图片与已登记的设计比对而发现的,并非因第三方通知。",
    "detected_automatically": "检测采用了自动化手段。",
    "decided_automatically": "该限制由自动化手段作出,尚未经人工审核。",
    "decided_by_a_person": "该限制由人工决定。",
    "corrects": "本说明取代此前的说明:此前告知的决定已被撤回。",
    "ground_found": "依据:可能侵犯 {brand} 的{right_kind}{register},有效地区:{right_territories}。"
    "目前尚未经人工决定。",
    "ground_decided": "依据:审核员认定侵犯 {brand} 的{right_kind}{register},有效地区:{right_territories}。",
    "appeal": "您可以通过平台免费申诉。申诉由最初决定者以外的人审理;{days} 天内未作出决定的,限制将解除。"
    "转售正品或已获许可均可作为申诉理由。",
    "incomplete": "在检查完全部图片之前,您的商品“{title}”暂不展示。",
    "duration_incomplete": "自 {since} 起,至商品连同可读取的图片重新发送为止。",
    "missing": "第 {picture} 张图片未能检查。",
    "ground_incomplete": "依据:该平台在将商品的全部图片与已登记的设计比对之前,不展示该商品。"
    "没有人主张该商品侵权。",
    "send_again": "请让平台重新发送这些图片,格式可为 {types}:届时将重新检查该商品。",
    "elsewhere": "您也可以诉诸经认证的庭外争议解决机构或法院。",
    "counterfeit": "理由:假冒商品。",
    "picture_copied": "理由:图片系复制。",
    "design_copied": "理由:设计系仿制。",
    "mark_used": "理由:未经同意使用商标。",
    "trade_mark": "商标权",
    "design_right": "外观设计权",
    "copyright": "著作权",
}
LANGUAGES = {"en": ENGLISH, "zh": CHINESE}
