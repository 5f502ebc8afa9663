"""The words of a statement of reasons, by language. `{…}` is filled in by statement.py."""

ENGLISH = {
    "hold": "Your listing “{title}” is not shown until a reviewer has decided.",
    "block": "Your listing “{title}” is not shown.",
    "territories": "It applies in: {territories}.",
    "everywhere": "everywhere the marketplace serves",
    "worldwide": "all countries",
    "duration_hold": "It began on {since} and lasts until a reviewer has decided.",
    "duration_block": "It began on {since} and has no end, unless it is lifted on appeal.",
    "facts": "Picture {picture} shows what {brand} has registered as the design “{design}”.",
    "own_initiative": "This was found by comparing pictures with registered designs, without a "
    "notice by a third party.",
    "detected_automatically": "It was detected by automated means.",
    "decided_automatically": "The restriction was imposed by automated means, before a person looked.",
    "decided_by_a_person": "A person decided on the restriction.",
    "corrects": "This takes the place of an earlier statement: the decision that it told of was taken back.",
    "ground_found": "Ground: it may infringe a {right_kind} of {brand}{register}, in force "
    "for {right_territories}. No person has decided that yet.",
    "ground_decided": "Ground: a reviewer decided that it infringes a {right_kind} of {brand}{register}, "
    "in force for {right_territories}.",
    "appeal": "You can appeal through the marketplace, without cost. Another person than who decided "
    "first hears it; after {days} days without a decision the restriction is lifted. That you resell "
    "genuine goods, or have a licence, is a ground.",
    "incomplete": "Your listing “{title}” is not shown until all of its pictures could be looked at.",
    "duration_incomplete": "It began on {since} and lasts until the listing is sent again with pictures "
    "that can be read.",
    "missing": "Picture {picture} could not be looked at.",
    "ground_incomplete": "Ground: this marketplace shows no listing before all of its pictures were "
    "compared with registered designs. Nobody claims that it infringes a right.",
    "send_again": "Have the pictures sent again, each as {types}: the listing is looked at anew then.",
    "elsewhere": "You may also turn to a certified body for out-of-court settlement, or to a court.",
    "counterfeit": "The reason: counterfeit goods.",
    "picture_copied": "The reason: the picture is copied.",
    "design_copied": "The reason: the design is copied.",
    "mark_used": "The reason: the mark is used without consent.",
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
    "incomplete": "在查看完全部图片之前,您的商品“{title}”暂不展示。",
    "duration_incomplete": "自 {since} 起,至商品连同可读取的图片重新发送为止。",
    "missing": "第 {picture} 张图片未能查看。",
    "ground_incomplete": "依据:该平台在将商品的全部图片与已登记的设计比对之前,不展示该商品。"
    "没有人主张该商品侵权。",
    "send_again": "请重新发送这些图片,格式可为 {types}:届时将重新查看该商品。",
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
